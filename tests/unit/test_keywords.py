"""Which messages are keywords, and which only contain one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.outcome import Wish
from sidecar.policy.keywords import Keyword, answer_in, keyword_in, languages_of, plain
from sidecar.policy.replying import Meaning, Question, Written, meaning_of, provider_answers

OUT, IN, HELP = Keyword.OPT_OUT, Keyword.OPT_IN, Keyword.HELP


@pytest.mark.parametrize(
    ("text", "locale", "country", "keyword"),
    [
        ("STOP", "pt_BR", "BR", OUT),
        (" stop. ", "en", "BR", OUT),
        ("¡STOP!", "es", "MX", OUT),
        ("“Stop” 🛑", "en", "GB", OUT),
        ("ＳＴＯＰ", "zh_TW", "TW", OUT),
        ("Opt-Out", "en", "CA", OUT),
        ("Arrêt", "fr", "FR", OUT),
        ("ARRÊTE", "fr", "FR", OUT),
        ("SAIR", "pt_BR", "BR", OUT),
        ("sair", "en", "BR", OUT),
        ("BAJA", "es", "AR", OUT),
        ("fin", "es", "ES", OUT),
        ("fin", "en", "AR", OUT),
        ("fin", "en", "GB", None),
        ("alto", "pt_BR", "BR", None),
        ("退订", "zh_CN", "CN", OUT),
        ("退訂。", "zh_TW", "TW", OUT),
        ("T", "zh_CN", "CN", OUT),
        ("n", "zh_CN", "CN", OUT),
        ("T", "zh_CN", "TW", None),
        ("R", "en", "US", None),
        ("N", "pt_BR", "BR", None),
        ("please do not stop now", "en", "GB", None),
        ("please stop texting me", "en", "US", OUT),
        ("I want to OPT OUT of this", "en", "US", OUT),
        ("unstoppable", "en", "US", None),
        ("can you cancel my order?", "en", "US", None),
        ("does the sale end today", "en", "US", None),
        ("CANCEL", "en", "US", OUT),
        ("START", "fr", "FR", IN),
        ("alta", "es", "ES", IN),
        ("alta", "pt_BR", "BR", None),
        ("yes", "en", "US", None),
        ("1", "en", "US", None),
        ("AJUDA", "pt_BR", "BR", HELP),
        ("Contact", "fr", "FR", HELP),
        ("contact", "en", "GB", None),
        ("info", "en", "US", HELP),
        ("", "en", "US", None),
        ("🛑", "en", "US", None),
    ],
)
def test_a_keyword_is_the_whole_message(text: str, locale: str, country: str, keyword: Keyword | None) -> None:
    assert keyword_in(text, languages_of(locale), country) is keyword


@pytest.mark.parametrize(
    ("text", "locale", "answer"),
    [
        ("1", "fr", True),
        ("1️⃣", "pt_BR", True),
        ("１", "zh_TW", True),
        (" 2!", "en", False),
        ("SIM", "pt_BR", True),
        ("Não", "pt_BR", False),
        ("Sí", "es", True),
        ("oui", "fr", True),
        ("确认", "zh_CN", True),
        ("sim", "fr", None),
        ("12", "en", None),
        ("1 or 2?", "en", None),
        ("yes please send it", "en", None),
        ("", "en", None),
    ],
)
def test_an_answer_is_the_whole_message_too(text: str, locale: str, answer: bool | None) -> None:
    assert answer_in(text, languages_of(locale)) is answer


@given(st.text())
def test_what_was_written_is_read_the_same_twice(text: str) -> None:
    assert plain(plain(text)) == plain(text)


_AROUND = st.text(alphabet=" .,!?-*\"'…🛑🙏\n\t\u200b\ufe0f", max_size=8)


@given(_AROUND, st.sampled_from(["stop", "Stop", "SAIR", "Arrêt"]))
def test_what_stands_around_a_keyword_changes_nothing(around: str, word: str) -> None:
    assert keyword_in(around + word + around, languages_of("en"), "GB") is OUT


@given(st.text(), st.sampled_from(["BR", "US", "CN", "FR"]))
def test_no_text_of_a_stranger_breaks_the_reading(text: str, country: str) -> None:
    keyword_in(text, languages_of("pt_BR"), country)
    assert meaning_of(Written(text, languages_of("pt_BR"), country)) in Meaning


ORDER, MARKETING = Question.ORDER, Question.MARKETING


@pytest.mark.parametrize(
    ("text", "question", "acted", "meaning"),
    [
        ("stop", ORDER, None, Meaning.OPT_OUT),
        ("cancel", ORDER, None, Meaning.OPT_OUT),
        ("anything", None, Wish.STOP, Meaning.OPT_OUT),
        ("1", ORDER, None, Meaning.ORDER_CONFIRMED),
        ("yes", ORDER, Wish.START, Meaning.ORDER_CONFIRMED),
        ("no", ORDER, None, Meaning.ORDER_CANCELLED),
        ("yes", MARKETING, None, Meaning.AGREED),
        ("2", MARKETING, None, Meaning.DECLINED),
        ("yes", None, None, Meaning.REPLY),
        ("1", None, None, Meaning.REPLY),
        ("start", ORDER, None, Meaning.OPT_IN),
        ("yes", None, Wish.START, Meaning.OPT_IN),
        ("help", None, None, Meaning.HELP),
        ("Hórario?", None, None, Meaning.KEYWORD),
        ("horario de sexta", None, None, Meaning.REPLY),
        ("", None, None, Meaning.REPLY),
    ],
)
def test_opting_out_comes_first_then_the_open_question(
    text: str, question: Question | None, acted: Wish | None, meaning: Meaning
) -> None:
    written = Written(text, languages_of("en"), "GB", question, {"HORARIO": "hours", "": "never"}, acted)
    assert meaning_of(written) is meaning


@pytest.mark.parametrize(
    ("capability", "told", "answers"),
    [
        (True, "", True),
        (True, "no", False),
        (False, "", False),
        (False, "yes", True),
        (False, "unknown", True),
        (None, "", True),
        (None, "unknown", True),
        (None, "no", False),
        (None, "yes", True),
    ],
)
def test_a_stop_is_answered_only_where_nobody_else_does(capability: bool | None, told: str, answers: bool) -> None:
    assert provider_answers(capability, told) is answers
