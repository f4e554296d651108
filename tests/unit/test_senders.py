"""Under which sender a text may go where."""

import pytest

from sidecar.domain.capabilities import Capabilities, Carrier, SenderKind
from sidecar.policy.carriage import Load, Way, carried
from sidecar.policy.senders import NUMBER_NEEDED, UNREGISTERED, UNSUPPORTED, Signed, kind_of, objection_to, sender_for

ANY = Capabilities(senders=frozenset({SenderKind.NAME, SenderKind.NUMBER, SenderKind.SHORT_CODE}))
NAMED = Carrier(ANY, "LojaDaAna")
NUMBER = "+12025550123"


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("LojaDaAna", SenderKind.NAME),
        ("4Ever", SenderKind.NAME),
        (NUMBER, SenderKind.NUMBER),
        ("12025550123", SenderKind.NUMBER),
        ("28777", SenderKind.SHORT_CODE),
        ("١٢٣", SenderKind.NAME),
    ],
)
def test_a_sender_shows_what_it_is(sender: str, kind: SenderKind) -> None:
    assert kind_of(sender) is kind


@pytest.mark.parametrize(
    ("country", "senders", "answer"),
    [
        # Names are welcome in France, registered in Italy, and of no use in the United States.
        ("FR", {}, Signed()),
        ("IT", {}, UNREGISTERED),
        ("US", {}, NUMBER_NEEDED),
        ("IT", {"IT": "LojaDaAna"}, Signed()),
        ("IT", {"IT": "AnaItalia"}, Signed("AnaItalia")),
        ("US", {"US": "AnaUSA"}, NUMBER_NEEDED),
        ("US", {"US": NUMBER}, Signed(NUMBER)),
        # The fallback, and why the preferred one would not do.
        ("US", {"US": "AnaUSA", "": NUMBER}, Signed(NUMBER, "AnaUSA", NUMBER_NEEDED)),
        ("IT", {"": NUMBER}, Signed(NUMBER)),
        ("FR", {"": NUMBER, "IT": "AnaItalia"}, Signed(NUMBER)),
        # Of some countries nothing was read.
        ("ZW", {}, Signed()),
        ("", {}, Signed()),
        # Its territories keep a country's rules.
        ("PR", {}, NUMBER_NEEDED),
    ],
)
def test_the_first_sender_that_the_country_lets_through(
    country: str, senders: dict[str, str], answer: Signed | str
) -> None:
    assert sender_for(NAMED, senders, country) == answer


def test_a_number_of_the_account_s_own_goes_everywhere() -> None:
    assert {sender_for(Carrier(ANY, NUMBER), {}, country) for country in ("US", "IT", "BR")} == {Signed()}
    assert sender_for(Carrier(ANY), {}, "US") == Signed(), "a pool picks the number"


def test_a_kind_that_the_provider_does_not_offer_is_passed_over() -> None:
    names_only = Carrier(Capabilities(senders=frozenset({SenderKind.NAME})), "Ana")
    assert sender_for(names_only, {"US": NUMBER}, "US") == UNSUPPORTED
    assert sender_for(names_only, {"FR": NUMBER}, "FR") == Signed("", NUMBER, UNSUPPORTED)
    assert objection_to(NUMBER, names_only, "FR") == UNSUPPORTED


def test_a_signature_in_the_text_is_no_sender() -> None:
    signing = Carrier(Capabilities(senders=frozenset({SenderKind.SIGNATURE})))
    assert sender_for(signing, {"CN": "阿里云"}, "CN") == Signed("阿里云")


@pytest.mark.parametrize(
    ("way", "load", "answer"),
    [
        (Way(NAMED, "whatsapp"), Load("Hi", "FR"), "wrong_channel"),
        (Way(Carrier(Capabilities(countries=frozenset({"CN"})))), Load("Hi", "FR"), "wrong_country"),
        (Way(Carrier(Capabilities(templates_only=frozenset({"sms"})))), Load("Hi", "FR"), "no_template"),
        (
            Way(Carrier(Capabilities(templates_only=frozenset({"sms"})))),
            Load("Hi", "FR", lacks_value=True),
            "template_incomplete",
        ),
        (Way(Carrier(Capabilities(templates_only=frozenset({"sms"})))), Load("Hi", "FR", True), Signed()),
        (Way(Carrier(Capabilities(max_characters=1))), Load("Hi", "FR"), "text_too_long"),
        (Way(NAMED), Load("Hi", "US"), NUMBER_NEEDED),
        (Way(Carrier(ANY, "Ana", reaches_people=False)), Load("Hi", "US"), Signed()),
    ],
)
def test_what_an_account_cannot_carry_is_said_in_a_word(way: Way, load: Load, answer: Signed | str) -> None:
    assert carried(way, load) == answer


def test_whatsapp_takes_free_text_only_while_the_conversation_is_open() -> None:
    way = Way(Carrier(Capabilities(channels=frozenset({"whatsapp"})), "Ana"), "whatsapp")
    assert carried(way, Load("Hi", "US")) == "window_closed"
    assert carried(way, Load("Hi", "US", lacks_value=True)) == "template_incomplete"
    assert carried(way, Load("Hi", "US", spoke_lately=True)) == Signed()
    assert carried(way, Load("Hi", "US", has_template=True)) == Signed()
