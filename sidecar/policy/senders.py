"""Under which sender a text may go to a country: names are welcome in one, registered in the next, and of no use in a
third."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sidecar.domain.capabilities import Carrier, SenderKind
from sidecar.policy.countries import Alphanumeric, SenderRules, rules_for

NUMBER_NEEDED = "sender_number_needed"
UNREGISTERED = "sender_unregistered"
UNSUPPORTED = "sender_unsupported"
_LONGEST_SHORT_CODE = 6


@dataclass(frozen=True, slots=True)
class Signed:
    """The sender to use, empty for the account's own. `instead_of` is the one that was preferred, and `why` it would
    not do."""

    sender: str = ""
    instead_of: str = ""
    why: str = ""


def kind_of(sender: str) -> SenderKind:
    digits = sender.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return SenderKind.NAME
    return SenderKind.SHORT_CODE if len(digits) <= _LONGEST_SHORT_CODE else SenderKind.NUMBER


def sender_for(carrier: Carrier, senders: Mapping[str, str], country: str) -> Signed | str:
    """The first of these that the country lets through: the account's sender for it, the account's for everywhere, the
    provider's own. A reason where none does. Who names a sender for a country that wants names registered has it
    registered there."""
    first, why = "", ""
    for sender, named_for_it in _candidates(carrier, senders, country):
        objection = _objection(sender, named_for_it, carrier, country)
        if not objection:
            own = sender == carrier.sender
            return Signed("" if own else sender, first, why)
        first, why = first or sender, why or objection
    return why


def objection_to(sender: str, carrier: Carrier, country: str) -> str:
    """Why an account may not have this sender for a country (empty: for all); nothing where it may."""
    return _objection(sender, bool(country), carrier, country)


def _candidates(carrier: Carrier, senders: Mapping[str, str], country: str) -> Iterator[tuple[str, bool]]:
    if named := senders.get(country):
        yield named, bool(country)
    if general := senders.get(""):
        yield general, False
    yield carrier.sender, False


def _objection(sender: str, named_for_it: bool, carrier: Carrier, country: str) -> str:
    kinds = carrier.capabilities.senders
    if not sender or SenderKind.SIGNATURE in kinds:
        return ""
    kind = kind_of(sender)
    if kind not in kinds and sender != carrier.sender:
        return UNSUPPORTED
    return _against_a_name(rules_for(country).sender, named_for_it) if kind is SenderKind.NAME else ""


def _against_a_name(rules: SenderRules, named_for_it: bool) -> str:
    if rules.alphanumeric is Alphanumeric.NO:
        return NUMBER_NEEDED
    return UNREGISTERED if rules.alphanumeric is Alphanumeric.REGISTRATION and not named_for_it else ""
