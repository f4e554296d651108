"""Callbacks of every kind of provider through the front door, genuine ones and what is left of them when they are
mangled. On SQLite: what is stored is the same bytes on either database, and what no database takes is tried on both in
test_receipts.py."""

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from sidecar.providers.registry import PROVIDERS
from sidecar.storage.tables import callbacks
from tests.acceptance.conftest import OCTOPUSH, TWILIO, House
from tests.bench.twilio_receipts import signature

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SECRET = "fake-secret-of-the-account"


@dataclass(frozen=True)
class Told:
    """A callback on its way. `query` follows the address."""

    content_type: str
    body: bytes
    method: str = "POST"
    query: str = ""


@dataclass(frozen=True)
class Kind:
    """How such an account is set up, and a receipt and a customer's message as its provider brings them."""

    options: dict[str, str]
    receipt: Told
    message: Told | None = None


def form(**fields: str) -> Told:
    return Told(FORM, urlencode({name.replace("__", "-"): value for name, value in fields.items()}).encode())


def as_json(value: object) -> Told:
    return Told(JSON, json.dumps(value).encode())


def meta(**value: object) -> Told:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return as_json({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})


NUMBER, OURS = "33612345678", "15005550006"
ALIYUN = {"access_key_id": "LTAI0", "access_key_secret": SECRET, "sign_name": "Loja"}
GATEWAY = {
    "base_url": "https://sms.example.com",
    "body": '{"to": "{to}", "text": "{text}"}',
    "success_at": "OK*{value}",
    "id_at": "OK {value}",
    "receipt_id": "id",
    "receipt_status": "s",
    "states": '{"delivered": ["D"]}',
}
INFOBIP = {"base_url": "https://x.api.infobip.com", "api_key": SECRET, "sender": "Loja"}
OVH = {
    "application_key": "a",
    "application_secret": SECRET,
    "consumer_key": "c",
    "service_name": "sms-1",
    "sender": "L",
}
PLIVO = {"auth_id": "MAXXXXXXXXXXXXXXXXXX", "auth_token": SECRET, "src": OURS}
META = {"phone_number_id": "106540352242922", "access_token": "t", "app_secret": SECRET, "verify_token": "word"}
KINDS = {
    "aliyun": Kind(
        ALIYUN,
        as_json([{"phone_number": "13800138000", "biz_id": "9^0", "success": True, "err_code": "DELIVERED"}]),
        as_json([{"phone_number": "13800138000", "content": "TD", "sequence_id": 7}]),
    ),
    "http": Kind(GATEWAY, form(id="77001", s="D")),
    "infobip": Kind(
        INFOBIP,
        as_json({"results": [{"messageId": "m", "status": {"id": 5, "groupName": "DELIVERED", "name": "HANDSET"}}]}),
        as_json({"results": [{"messageId": "i", "from": NUMBER, "to": OURS, "text": "STOP"}]}),
    ),
    "octopush": Kind(
        OCTOPUSH,
        as_json({"message_id": "sms_1", "number": "+" + NUMBER, "status": "DELIVERED"}),
        as_json(
            {"message_id": "sms_1", "number": "+" + NUMBER, "text": "STOP", "reception_date": "2026-11-22 15:00:00"}
        ),
    ),
    "ovh": Kind(OVH, Told("", b"", "GET", "id=27814656&ptt=4"), form(id="1", sender="+" + NUMBER, message="STOP")),
    "plivo": Kind(
        PLIVO,
        form(MessageUUID="u", To=NUMBER, From=OURS, Status="delivered"),
        form(MessageUUID="u", To=OURS, From=NUMBER, Text="STOP"),
    ),
    "simulator": Kind(
        {},
        as_json({"id": "sim-1", "message": "msg_1", "status": "delivered", "at": "2026-11-22T15:00:00+00:00"}),
        as_json(
            {
                **{"id": "sim-1-answer", "customer": "+" + NUMBER, "shop": "Loja", "text": "Oi", "channel": "sms"},
                **{"answers": "sim-1", "at": "2026-11-22T15:00:00+00:00"},
            }
        ),
    ),
    "twilio": Kind(
        TWILIO,
        form(MessageSid="SM1", MessageStatus="delivered"),
        form(MessageSid="SM2", From="+" + NUMBER, To="+" + OURS, Body="STOP"),
    ),
    "vonage": Kind(
        {"api_key": "abcd1234", "api_secret": SECRET, "from": "Loja"},
        form(messageId="0A1", msisdn=NUMBER, to="Loja", status="delivered", err__code="0"),
        as_json({"message_uuid": "u", "from": NUMBER, "to": OURS, "channel": "sms", "text": "STOP"}),
    ),
    "whatsapp_cloud": Kind(
        META,
        meta(statuses=[{"id": "wamid.1", "status": "read", "timestamp": "1763823600"}]),
        meta(
            messages=[
                {"id": "wamid.2", "from": NUMBER, "timestamp": "1763823600", "type": "text", "text": {"body": "a"}}
            ]
        ),
    ),
    "zenvia": Kind(
        {"token": SECRET, "sender": "loja"},
        as_json({"type": "MESSAGE_STATUS", "message": {"id": "z"}, "messageStatus": {"code": "DELIVERED"}}),
        as_json(
            {
                **{"type": "MESSAGE", "channel": "sms", "direction": "IN"},
                "message": {"id": "z", "from": NUMBER, "to": "loja", "contents": [{"type": "text", "text": "STOP"}]},
            }
        ),
    ),
}
SIGNING = {kind for kind in KINDS if PROVIDERS[kind].capabilities.signed_callbacks}


def signed(kind: str, told: Told, url: str) -> dict[str, str]:
    """The headers by which such an account's provider proves that it is it."""
    match kind:
        case "twilio":
            fields = dict(parse_qsl(told.body.decode(errors="replace"), keep_blank_values=True))
            return {"X-Twilio-Signature": signature(TWILIO["auth_token"].encode(), url, fields)}
        case "plivo":
            mac = hmac.digest(SECRET.encode(), f"{url.partition('?')[0]}nonce".encode(), "sha256")
            return {"X-Plivo-Signature-V2": b64encode(mac).decode(), "X-Plivo-Signature-V2-Nonce": "nonce"}
        case "whatsapp_cloud":
            return {"X-Hub-Signature-256": "sha256=" + hmac.digest(SECRET.encode(), told.body, "sha256").hex()}
    return {}


@pytest.fixture(scope="module")
def everyone(house: House) -> House:
    for kind in sorted(KINDS.keys() - {"twilio", "octopush", "simulator"}):
        house.add_account(kind, KINDS[kind].options)
    return house


@pytest.fixture(scope="module")
def paths(everyone: House) -> dict[str, str]:
    return {kind: everyone.status_path(f"acc_{kind}").removesuffix("status") for kind in KINDS}


def tell(house: House, path: str, kind: str, told: Told, *, sign: bool = True) -> TestResponse:
    target = f"{path}?{told.query}" if told.query else path
    headers = signed(kind, told, house.recado.settings.public_url + target) if sign else {}
    return house.client.open(
        target, method=told.method, data=told.body, content_type=told.content_type, headers=headers
    )


def last(house: House) -> tuple[str, str]:
    with house.recado.database.read() as connection:
        row = connection.execute(select(callbacks).order_by(callbacks.c.received_at.desc()).limit(1)).one()
    return row.state, row.note


def test_there_is_a_callback_of_every_kind() -> None:
    assert KINDS.keys() == PROVIDERS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_genuine_one_is_taken_read_and_answered_as_the_provider_wishes(
    everyone: House, paths: dict[str, str], kind: str
) -> None:
    for what, told in (("status", KINDS[kind].receipt), ("inbound", KINDS[kind].message)):
        if told:
            answer = tell(everyone, paths[kind] + what, kind, told)
            thanks = PROVIDERS[kind].acknowledgement
            assert (answer.status_code, answer.text) == (thanks.status, thanks.body)
            everyone.callbacks.work()
            assert last(everyone) == ("done", "")


@pytest.mark.parametrize("kind", sorted(SIGNING))
def test_where_the_provider_signs_an_unsigned_one_is_refused(everyone: House, paths: dict[str, str], kind: str) -> None:
    assert tell(everyone, paths[kind] + "status", kind, KINDS[kind].receipt, sign=False).status_code == 401


GENUINE = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.sampled_from([told for told in (KINDS[kind].receipt, KINDS[kind].message) if told])
    )
)
DIRT = st.binary(max_size=20) | st.sampled_from([b"\0", b"\xff", b"[", b"{}", b"null", b"%00", b"9" * 400, b"&" * 300])


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    genuine=GENUINE,
    what=st.sampled_from(["status", "inbound"]),
    method=st.sampled_from(["POST", "POST", "GET"]),
    content_type=st.sampled_from(["", FORM, JSON, "text/plain", "multipart/form-data; boundary=x"]),
    query=st.binary(max_size=20),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30), DIRT), max_size=3),
    sign=st.sampled_from([True, True, True, False]),
)
def test_no_mangled_one_breaks_anything(
    everyone: House,
    paths: dict[str, str],
    genuine: tuple[str, Told],
    what: str,
    method: str,
    content_type: str,
    query: bytes,
    cuts: list[tuple[int, int, bytes]],
    sign: bool,
) -> None:
    kind, told = genuine
    body = told.body
    for at, length, dirt in cuts:
        body = body[:at] + dirt + body[at + length :]
    mangled = replace(told, body=body, query="&".join(filter(None, (told.query, quote_from_bytes(query)))))
    mangled = replace(mangled, method=method, content_type=content_type or told.content_type)
    answer = tell(everyone, paths[kind] + what, kind, mangled, sign=sign)
    assert answer.status_code in ({200, 401} if kind in SIGNING else {200})
    everyone.callbacks.work()
    with everyone.recado.database.read() as connection:
        rows = connection.execute(select(callbacks.c.state, callbacks.c.note)).all()
    assert not [row for row in rows if row.state == "received" or row.note.startswith("internal_error")]
