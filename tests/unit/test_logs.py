"""What the logs must not tell, by whichever door it comes; and what must stay readable."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sidecar import logs
from sidecar.domain.masking import mask_numbers
from sidecar.domain.message import OutgoingMessage
from sidecar.storage.database import Database
from sidecar.storage.tables import metadata, timeline

NUMBER = "+5511912345678"
DIGITS = "5511912345678"
TEXT = "Loja: Olá Maria, seu pedido 101 chegou"
SECRET = "hunter2-hunter2"

Lines = Callable[[], str]


@pytest.fixture(params=[True, False], ids=["json", "console"])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What has been logged since the last look, in both formats."""
    root, told = logging.getLogger(), io.StringIO()
    level, complains = root.level, logging.raiseExceptions
    logs.configure("debug", json_lines=request.param)
    [ours] = root.handlers
    assert isinstance(ours, logging.StreamHandler)
    ours.setStream(told)

    def since_the_last_look() -> str:
        written = told.getvalue()
        told.seek(0)
        told.truncate()
        return written

    yield since_the_last_look
    structlog.reset_defaults()
    root.removeHandler(ours)
    root.setLevel(level)
    logging.raiseExceptions = complains


def doors(message: str) -> Iterator[None]:
    """Log this by every way that there is."""
    structlog.get_logger().info(message)
    yield
    structlog.get_logger().info("told", note=message, nested={"notes": [message, (message,)]})
    yield
    structlog.get_logger().bind(note=message).warning("told")
    yield
    logging.getLogger("library").warning(message)
    yield
    logging.getLogger("library").warning("told: %s", message)
    yield
    for log in (structlog.get_logger(), logging.getLogger("library")):
        try:
            raise ValueError(message) from KeyError(message)
        except ValueError:
            log.exception("failed")
        yield
    structlog.get_logger().error("failed", error=ValueError(message))
    yield


@pytest.mark.parametrize(
    "written",
    [
        "sent to +5511912345678",
        "sent to +5511912345678.",
        "sent to +5511912345678, gone",
        "to=+5511912345678&x",
        "to:+5511912345678",
        "'+5511912345678'",
        "<+5511912345678>",
        "5511912345678",
        "tel.+5511912345678",
        "whatsapp:+5511912345678",
        "POST /sms?to=%2B5511912345678&x=y",
        "+5511912345678-again",
        "+55 11 91234-5678",
        "+55 (11) 91234-5678",
        "(11) 91234-5678",
        "11 91234 5678.",
        "0055 11 91234 5678",
        "11.91234.5678",
        "2026-11-22 11912345678",
        '{"to": "+5511912345678"}',
        "+5511912345678\n",
    ],
)
def test_a_phone_number_is_masked_by_every_door(lines: Lines, written: str) -> None:
    for _ in doors(written):
        logged = lines()
        assert logged
        for revealing in (DIGITS, "91234-5678", "91234 5678", "91234.5678", "912345678"):
            assert revealing not in logged


@given(st.sampled_from(["{}", "to {}.", "to={}", "({})", "{}, ok", "a {} b", "x/{}/y", "[{}]"]), st.integers(7, 14))
def test_a_number_in_its_international_form_is_masked_wherever_it_stands(frame: str, length: int) -> None:
    number = "+" + "551198765432109"[: length + 1]
    before, after = frame.split("{}")
    assert mask_numbers(frame.format(number)) == f"{before}***{number[-2:]}{after}"


def test_the_last_two_digits_stay_to_tell_numbers_apart() -> None:
    assert mask_numbers("to +5511912345678") == "to ***78"


@pytest.mark.parametrize(
    "harmless",
    [
        "order 101",
        "#1234567",
        "12 of 345 in 6.7 s",
        "msg_1a203c56d8000000000000000ff",
        "in_01234567890123456789012345678",
        "SM01234567890123456789012345678901",
        "2026-11-22",
        "2026-11-22T15:00:00Z",
        "2026-11-22T15:00:00.123456+00:00",
        "2026-11-22 15:00:00,123",
        "2026-11-22 15:00:00 UTC",
        "[2026-11-22 15:00:00 +0000] [1234]",
        "20261122T150000Z",
        "12345678-1234-1234-1234-123456789012",
        "550e8400-e29b-41d4-a716-446655440000",
        "127.0.0.1:8000",
        "192.168.100.200",
        "<function at 0x123456789012>",
        "recado-2.10.20261122",
    ],
)
def test_ids_moments_and_addresses_stay_as_they_are(harmless: str) -> None:
    assert mask_numbers(harmless) == harmless
    assert mask_numbers(f"({harmless})") == f"({harmless})"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_every_moment_stays_readable(moment: datetime) -> None:
    for written in (moment.isoformat(), moment.isoformat(sep=" "), str(moment.date())):
        assert mask_numbers(f"until {written}") == f"until {written}"


def test_ids_in_their_own_fields_are_never_masked(lines: Lines) -> None:
    structlog.get_logger().info("seen", order_id="1234567890", shop_id="12345678", inbox_id="123456789")
    logged = lines()
    assert all(kept in logged for kept in ("1234567890", "12345678", "123456789"))


@pytest.mark.parametrize(
    "key",
    [
        "text",
        "body",
        "options",
        "secret",
        "webhook_secret",
        "api_token",
        "token",
        "auth_token",
        "password",
        "ADMIN_PASSWORD",
        "api_key",
        "api-key",
        "X-Api-Key",
        "consumer_key",
        "Authorization",
        "X-WC-Webhook-Signature",
        "Cookie",
    ],
)
def test_what_goes_by_a_secret_name_is_hidden_however_deep_it_lies(lines: Lines, key: str) -> None:
    structlog.get_logger().info("told", **{key: SECRET})
    structlog.get_logger().info("told", request={"headers": [{key: SECRET}]})
    structlog.get_logger().bind(**{key: [SECRET]}).info("told")
    logged = lines()
    assert logged.count("[hidden]") == 3
    assert SECRET not in logged


@pytest.mark.parametrize(
    "written",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization: basic {SECRET}",
        f"POST /callbacks/acc_one/{SECRET}/status failed",
        f"rct_{SECRET} is no token",
        f"whsec_abc+/{SECRET}==",
        f"postgresql+psycopg://recado:{SECRET}@db/recado refuses",
    ],
)
def test_what_looks_like_a_secret_is_hidden_by_every_door(lines: Lines, written: str) -> None:
    for _ in doors(written):
        assert SECRET not in lines()


@pytest.mark.parametrize(
    "value",
    [
        OutgoingMessage("msg_1", NUMBER, TEXT),
        [OutgoingMessage("msg_1", NUMBER, TEXT)],
        {"message": OutgoingMessage("msg_1", NUMBER, TEXT)},
        f"{TEXT} {NUMBER}".encode(),
        {NUMBER: "number"},
        {NUMBER},
        int(DIGITS),
        Path(f"/numbers/{DIGITS}"),
        ValueError(NUMBER),
    ],
)
def test_values_that_are_not_text_reveal_no_more_than_text_would(lines: Lines, value: Any) -> None:
    structlog.get_logger().info("told", value=value)
    logged = lines()
    assert "told" in logged
    assert DIGITS not in logged
    assert "Maria" not in logged


def test_plain_values_stay_what_they_are(lines: Lines) -> None:
    structlog.get_logger().info("told", count=3, seconds=0.25, again=True, nothing=None)
    logged = lines()
    assert "0.25" in logged
    if logged.startswith("{"):
        told = json.loads(logged)
        assert (told["count"], told["seconds"], told["again"], told["nothing"]) == (3, 0.25, True, None)
        assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None


def test_a_databases_complaint_does_not_quote_the_row(lines: Lines, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/recado.sqlite3")
    metadata.create_all(database.engine)
    row = {
        "shop_id": "s",
        "message_id": "m",
        "id": "l",
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "state": "queued",
        "detail": {"text": TEXT, "to": NUMBER},
    }
    try:
        with database.write() as connection:
            connection.execute(insert(timeline), [row, row])
    except IntegrityError:
        structlog.get_logger().exception("a station stumbled")
        logging.getLogger("library").exception("a station stumbled")
    database.close()
    logged = lines()
    assert logged.count("UNIQUE constraint failed") >= 2
    assert "Maria" not in logged
    assert DIGITS not in logged


def test_a_log_call_gone_wrong_does_not_print_its_arguments(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    root.handlers[1:] = []  # those of pytest raise what ours would print
    logging.getLogger("library").warning("%d messages to", NUMBER)
    assert DIGITS not in lines() + "".join(capsys.readouterr())


def test_a_failure_tells_where_it_happened(lines: Lines) -> None:
    try:
        raise RuntimeError("the disk is full")
    except RuntimeError:
        structlog.get_logger().exception("a station stumbled", station="inbox")
    logged = lines()
    assert "RuntimeError: the disk is full" in logged
    assert "test_logs.py" in logged
    assert "inbox" in logged


def test_the_level_counts_for_libraries_too(lines: Lines) -> None:
    logging.getLogger().setLevel("WARNING")
    structlog.get_logger().info("quiet")
    logging.getLogger("library").info("quiet")
    logging.getLogger("library").warning("loud")
    logged = lines()
    assert "quiet" not in logged
    assert "loud" in logged
