"""The words by which people say stop, start, help, yes and no. Read on 2026-11-22 in the rules of countries, carriers
and providers: what only a seller's page or custom knows counts in its own language alone."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum

Words = Mapping[str, frozenset[str]]


class Keyword(StrEnum):
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"


def _table(**words: str) -> Words:
    return {name: frozenset(listed.split(", ")) for name, listed in words.items()}


# "all" stands for every language. FCC 47 CFR 64.1200(a)(10); defaults of Twilio, AWS, Telnyx and Vonage.
_OPT_OUT = _table(
    all="stop, stopall, stop all, unsubscribe, cancel, end, quit, revoke, opt out, optout, remove, terminate, "
    "arret, baja, sair, stopp, td, 退订, 退訂",
    fr="arrete, arretez, arrett, desabonner, desinscription",
    es="fin, alto, parar, cancelar",
    pt="pare, parar, cancelar",
    de="abmelden",
    it="ferma, cancella",
    nl="stoppen, uit, afmelden",
)
_OPT_IN = _table(all="start, unstop, join, subscribe", es="alta", fr="reprendre", pt="voltar")
_HELP = _table(
    all="help, aide, ayuda, ajuda",
    en="info",
    fr="info, contact",
    de="hilfe",
)

# By the country of the number: what Chinese gateways ask people to answer would elsewhere be a slip of the thumb;
# Argentina's and Canada's codes demand these whatever the language.
_OPT_OUT_IN = _table(CN="t, r, n", AR="fin, baja", MX="alto")
_HELP_IN = _table(CA="info", US="info", FR="contact")

_TABLES: tuple[tuple[Keyword, Words, Words], ...] = (
    (Keyword.OPT_OUT, _OPT_OUT, _OPT_OUT_IN),
    (Keyword.OPT_IN, _OPT_IN, {}),
    (Keyword.HELP, _HELP, _HELP_IN),
)

# In the United States any reasonable wording must do. Words that orders are about (cancel, end, remove) count alone.
_US_UNMISTAKABLE = re.compile(r"\b(stop|stopall|unsubscribe|revoke|opt out|optout)\b")

_YES = _table(
    all="1, ok",
    en="yes, y, confirm, confirmed",
    pt="sim, s, confirmo, confirmar, confirmado",
    es="si, s, confirmo, confirmar, confirmado",
    fr="oui, o, confirme, je confirme, confirmer",
    zh="是, 是的, 好, 好的, 确认, 確認",
    de="ja, j",
    it="si, s, confermo",
    nl="ja, j",
)
_NO = _table(
    all="2",
    en="no, n",
    pt="nao, n",
    es="no, n",
    fr="non, n",
    zh="否, 不, 不是, 取消",
    de="nein, n",
    it="no, n",
    nl="nee, n",
)

_UNSEEN = frozenset({"Mn", "Me", "Cf"})


def plain(text: str) -> str:
    """What was written without case, accents, punctuation and emoji: letters and digits, one space between words."""
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = (char for char in opened if unicodedata.category(char) not in _UNSEEN)
    return " ".join("".join(char if char.isalnum() else " " for char in seen).split())


def keyword_in(text: str, languages: Collection[str], country: str) -> Keyword | None:
    """The keyword that this whole message is; within a sentence only what nobody in the United States can mistake.
    `languages` are those in which this person may be answering, `country` is that of the number."""
    said = plain(text)
    for keyword, by_language, by_country in _TABLES:
        if said in _known(by_language, languages) or said in by_country.get(country, ()):
            return keyword
    return Keyword.OPT_OUT if country == "US" and _US_UNMISTAKABLE.search(said) else None


def answer_in(text: str, languages: Collection[str]) -> bool | None:
    """Yes or no, where the whole message is that."""
    said = plain(text)
    if said in _known(_YES, languages):
        return True
    return False if said in _known(_NO, languages) else None


def languages_of(*locales: str) -> frozenset[str]:
    """English is understood everywhere; a region or a script says nothing of the words."""
    return frozenset({"en"} | {re.split(r"[-_.@]", locale)[0].lower() for locale in locales if locale})


def _known(table: Words, languages: Collection[str]) -> frozenset[str]:
    return frozenset().union(*(table.get(language, frozenset()) for language in ("all", *languages)))
