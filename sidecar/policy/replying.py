"""What a customer's message means to a shop. Whoever wants to be left alone is, whatever else is open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.domain.outcome import Wish
from sidecar.policy.keywords import Keyword, answer_in, keyword_in, plain


class Question(StrEnum):
    """What a person was asked last, while it is open."""

    ORDER = "order"
    MARKETING = "marketing"


class Meaning(StrEnum):
    OPT_OUT = "opt_out"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_CANCELLED = "order_cancelled"
    AGREED = "agreed"
    DECLINED = "declined"
    OPT_IN = "opt_in"
    HELP = "help"
    KEYWORD = "keyword"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Written:
    """A customer's message, and what bears on it: `languages` in which they may be answering, `country` of their
    number, `question` that is open to them, `answers` of the shop by keyword, `acted` where the provider has taken it
    for a STOP or START."""

    text: str
    languages: Collection[str]
    country: str = ""
    question: Question | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    acted: Wish | None = None


_ANSWERED = {
    (Question.ORDER, True): Meaning.ORDER_CONFIRMED,
    (Question.ORDER, False): Meaning.ORDER_CANCELLED,
    (Question.MARKETING, True): Meaning.AGREED,
    (Question.MARKETING, False): Meaning.DECLINED,
}
_MEANT = {Keyword.OPT_IN: Meaning.OPT_IN, Keyword.HELP: Meaning.HELP}


def meaning_of(written: Written) -> Meaning:
    keyword = keyword_in(written.text, written.languages, written.country)
    if written.acted is Wish.STOP or keyword is Keyword.OPT_OUT:
        return Meaning.OPT_OUT
    answer = answer_in(written.text, written.languages)
    if written.question and answer is not None:
        return _ANSWERED[written.question, answer]
    if written.acted is Wish.START:
        return Meaning.OPT_IN
    if keyword:
        return _MEANT[keyword]
    return Meaning.KEYWORD if answer_key(written) else Meaning.REPLY


def answer_key(written: Written) -> str | None:
    """The text with which the shop answers this word."""
    said = plain(written.text)
    return next((key for word, key in written.answers.items() if plain(word) == said and said), None)


def provider_answers(capability: bool | None, told: str) -> bool:
    """Whether the provider answers a STOP itself, by what the operator `told` of the account (yes, no, unknown or
    nothing), else by what the provider can do. Two answers to one STOP are worse than none."""
    return told != "no" if told else capability is not False
