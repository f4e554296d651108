"""Our requests beside the vendors' own descriptions of their APIs, and the answers that these describe.

A vendor is added by one line in `CONFORMING`, and its description in tests/data/specs."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sidecar.domain.exchange import DEFAULT_LIMITS
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted
from sidecar.providers.base import Provider
from sidecar.providers.registry import build

from .contract import MESSAGE, context
from .prism import Prism, PrismMissing, installed, running
from .test_twilio import OPTIONS as TWILIO
from .test_twilio import SERVICE
from .test_vonage import OPTIONS as VONAGE
from .test_zenvia import OPTIONS as ZENVIA
from .test_zenvia import WHATSAPP

SPECS = Path(__file__).parent.parent / "data" / "specs"
LASTING = replace(MESSAGE, validity_seconds=3600)


@dataclass(frozen=True)
class Case:
    """A message by an account of this kind. `path` is what the account's address has besides the host's."""

    kind: str
    options: dict[str, str]
    message: OutgoingMessage = MESSAGE
    path: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.message.channel}"


CONFORMING = (
    Case("twilio", TWILIO, LASTING),
    Case("twilio", SERVICE),
    Case("vonage", VONAGE, LASTING),
    Case("zenvia", ZENVIA, path="/v2"),
    Case("zenvia", ZENVIA, WHATSAPP, path="/v2"),
)
# So that a server which lets everything pass is noticed.
BREAKING = (
    Case("twilio", {**TWILIO, "account_sid": "AC1"}),
    Case("vonage", VONAGE, replace(MESSAGE, to="+123")),
    Case("zenvia", ZENVIA, replace(MESSAGE, to="+" + "5" * 65), path="/v2"),
    Case("zenvia", ZENVIA, replace(MESSAGE, text=""), path="/v2"),
)


@pytest.fixture(scope="session")
def described(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Prism]]:
    """A vendor's API as it describes it, started when it is first asked for."""
    try:
        cache = getattr(request.config, "cache", None)
        program = installed(cache.mkdir("prism") if cache else tmp_path_factory.mktemp("prism"))
    except PrismMissing as missing:
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    started: dict[str, Prism] = {}
    with ExitStack() as stack:

        def start(kind: str) -> Prism:
            if kind not in started:
                started[kind] = stack.enter_context(running(program, SPECS / f"{kind}.json"))
            return started[kind]

        yield start


def connect(case: Case, prism: Prism) -> Provider:
    return build(case.kind, {**case.options, "base_url": prism.url + case.path}, context(), DEFAULT_LIMITS)


@pytest.mark.parametrize("case", CONFORMING, ids=str)
def test_what_we_send_is_as_described_and_so_is_what_we_read(case: Case, described: Callable[[str], Prism]) -> None:
    prism = described(case.kind)
    outcome = connect(case, prism).send(case.message)
    assert isinstance(outcome, Accepted), [line for line in prism.said if "Violation: request" in line]


@pytest.mark.parametrize("case", BREAKING, ids=str)
def test_what_is_not_as_described_is_noticed(case: Case, described: Callable[[str], Prism]) -> None:
    assert not isinstance(connect(case, described(case.kind)).send(case.message), Accepted)


def test_a_balance_is_read_as_described(described: Callable[[str], Prism]) -> None:
    assert connect(Case("twilio", TWILIO), described("twilio")).balance().unit
