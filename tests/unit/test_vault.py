"""Secrets at rest: sealed, opened with any of the keys, and never guessed at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.storage.vault import SealBroken, Vault

OLD, NEW, FOREIGN = ("an old key of at least 32 characters", "a new key of at least 32 characters", "x" * 32)
SECRET = "hunter2-hunter2"


@settings(max_examples=50)
@given(st.text())
def test_what_was_sealed_opens_as_it_was(secret: str) -> None:
    vault = Vault(OLD)
    assert vault.open(vault.seal(secret)) == secret


@settings(max_examples=30)
@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_a_map_opens_as_it_was(options: dict[str, str]) -> None:
    vault = Vault(OLD)
    assert vault.open_map(vault.seal_map(options)) == options


def test_a_sealed_secret_shows_nothing_of_itself() -> None:
    vault = Vault(OLD)
    assert SECRET not in vault.seal(SECRET)
    assert "hunter" not in vault.seal_map({"auth_token": SECRET})
    assert "auth_token" not in vault.seal_map({"auth_token": SECRET})
    assert vault.seal(SECRET) != vault.seal(SECRET)


def test_the_key_itself_is_not_what_seals() -> None:
    assert Vault(OLD).seal(SECRET).isascii()
    assert OLD not in Vault(OLD).seal(OLD)


def test_after_a_rotation_old_secrets_open_and_new_ones_need_only_the_new_key() -> None:
    sealed_before = Vault(OLD).seal(SECRET)
    rotated = Vault(NEW, OLD)
    assert rotated.open(sealed_before) == SECRET
    assert Vault(NEW).open(rotated.seal(SECRET)) == SECRET
    with pytest.raises(SealBroken):
        Vault(OLD).open(rotated.seal(SECRET))


@pytest.mark.parametrize("broken", ["", "nonsense", "gAAAAA", "é"])
def test_what_is_no_seal_is_not_opened(broken: str) -> None:
    with pytest.raises(SealBroken):
        Vault(OLD).open(broken)


def test_a_seal_that_was_tampered_with_is_not_opened() -> None:
    sealed = Vault(OLD).seal(SECRET)
    middle = len(sealed) // 2
    with pytest.raises(SealBroken):
        Vault(OLD).open(sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :])


def test_the_wrong_key_is_named_as_the_cause_without_telling_any_key() -> None:
    with pytest.raises(SealBroken, match="RECADO_SECRET_KEY") as refusal:
        Vault(FOREIGN).open(Vault(OLD).seal(SECRET))
    assert not any(told in str(refusal.value) for told in (OLD, FOREIGN, SECRET))
    assert refusal.value.__suppress_context__
