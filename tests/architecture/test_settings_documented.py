"""What can be set is in the README, by its right name and default, and nothing else is."""

import re
from collections.abc import Iterator

import click
import pytest

from sidecar.commands import recado
from sidecar.domain.shop import ShopSettings
from sidecar.providers.registry import PROVIDERS
from sidecar.settings import KNOWN, Setting
from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Not of the sidecar: says to the tests that nothing may be missing.
OF_THE_TESTS = {"RECADO_REQUIRE_ALL"}


def rows(first: str) -> dict[str, list[str]]:
    """The README's table whose first heading is this: the other cells of each row by its first."""
    table = README.partition(f"| {first} |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    assert list(rows("variable")) == [f"RECADO_{setting.name}" for setting in KNOWN]
    named = set(re.findall(r"RECADO_[A-Z_]*[A-Z]", README))
    assert named <= {f"RECADO_{setting.name}" for setting in KNOWN} | OF_THE_TESTS


@pytest.mark.parametrize("setting", KNOWN, ids=lambda setting: setting.name)
def test_a_setting_is_explained_and_has_the_default_it_is_said_to_have(setting: Setting) -> None:
    told, meaning = rows("variable")[f"RECADO_{setting.name}"]
    assert len(meaning) > 15
    if setting.default and " " not in setting.default:
        assert told == setting.default
    else:
        assert (told == "empty") is (setting.default == "")


def test_every_shop_setting_is_in_the_readme_with_its_default() -> None:
    told = rows("setting")
    assert list(told) == list(ShopSettings.model_fields)
    for name, value in ShopSettings().model_dump(mode="json").items():
        words = (
            ",".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if isinstance(value, bool)
            else str(value or "")
            if isinstance(value, dict)
            else str(value)
        )
        assert told[name][0] == (words or "empty"), name


def test_every_provider_and_its_options_are_in_the_readme() -> None:
    told = rows("kind")
    assert set(told) == set(PROVIDERS)
    for kind, provider in PROVIDERS.items():
        options = {field.alias or name: field for name, field in provider.Options.model_fields.items()}
        for name, field in options.items():
            assert not field.is_required() or f"`{name}`" in told[kind][0], f"{kind}: {name}"
        assert set(re.findall(r"`(\w+)`", told[kind][0])) <= set(options)


def _named_commands() -> Iterator[tuple[str, ...]]:
    texts = [README, *(path.read_text(encoding="utf-8") for path in (ROOT / "sidecar").rglob("*.py"))]
    for text in texts:
        for words in re.findall(r"`recado ((?:[a-z]+ ?)+)", text):
            yield tuple(words.split())


@pytest.mark.parametrize("words", sorted(set(_named_commands())), ids=" ".join)
def test_a_command_we_tell_people_to_run_exists(words: tuple[str, ...]) -> None:
    group: click.Command = recado
    for word in words:
        if not isinstance(group, click.Group):
            return
        found = group.get_command(click.Context(group), word)
        assert found or group.invoke_without_command, f"recado {' '.join(words)}"
        group = found or group
