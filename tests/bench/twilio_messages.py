"""The messages a stand-in for Twilio has taken, counted and found again."""

import re
import secrets
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

_REFERENCE = re.compile(rb"(?:\?|&|%3[Ff]|%26)message(?:=|%3[Dd])([^%&]+)")
_GSM7_BEYOND_ASCII = set("£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€")


def decode(raw: bytes) -> str:
    """A form value, percent signs and pluses undone."""
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def segments(text: str) -> int:
    gsm7 = text.isascii() or all(character.isascii() or character in _GSM7_BEYOND_ASCII for character in text)
    single, part = (160, 153) if gsm7 else (70, 67)
    length = len(text) if gsm7 else len(text.encode("utf-16-be")) // 2
    return 1 if length <= single else -(-length // part)


@lru_cache(maxsize=4)
def rfc2822(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


class TakenMessage:
    """Values stay as they came over the wire until somebody asks for them."""

    __slots__ = ("_form", "account_sid", "at", "sid", "status")

    def __init__(self, sid: str, account_sid: str, form: dict[bytes, bytes], at: float) -> None:
        self.sid = sid
        self.account_sid = account_sid
        self.status = "queued"
        self.at = at
        self._form = form

    def _value(self, name: bytes) -> str:
        return decode(self._form.get(name, b""))

    @property
    def to(self) -> str:
        return self._value(b"To")

    @property
    def sender(self) -> str:
        return self._value(b"From")

    @property
    def service_sid(self) -> str:
        return self._value(b"MessagingServiceSid")

    @property
    def callback(self) -> str:
        return self._value(b"StatusCallback")

    @property
    def key(self) -> tuple[bytes, bytes]:
        return self._form.get(b"To", b""), self._form.get(b"Body", b"")

    @property
    def reference(self) -> str:
        """The sender's own id of the message, from its callback's query."""
        found = _REFERENCE.search(self._form.get(b"StatusCallback", b""))
        return found[1].decode() if found else ""

    def as_json(self) -> dict[str, Any]:
        created = rfc2822(int(self.at))
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self.sid}"
        body = self._value(b"Body")
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": body,
            "date_created": created,
            "date_sent": None if self.status == "queued" else created,
            "date_updated": created,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": self.sender or None,
            "num_media": "0",
            "num_segments": str(segments(body)),
            "price": None,
            "price_unit": None,
            "messaging_service_sid": self.service_sid or None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


class Messages:
    """Every message ever taken, in order. A message that came twice is kept twice."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(8)
        self._all: list[TakenMessage] = []
        self._references: set[str] = set()
        self._keys: set[tuple[bytes, bytes]] = set()
        self._by_number: defaultdict[str, list[TakenMessage]] = defaultdict(list)
        self._indexed = 0

    def take(self, account_sid: str, body: bytes) -> TakenMessage:
        form = {name: value for name, _, value in (field.partition(b"=") for field in body.split(b"&"))}
        sid = f"SM{self._prefix}{len(self._all):016x}"
        message = TakenMessage(sid, account_sid, form, time.time())
        self._all.append(message)
        self._keys.add(message.key)
        self._references.add(message.reference or message.sid)
        return message

    def with_sid(self, sid: str) -> TakenMessage | None:
        if sid[:18] != f"SM{self._prefix}":
            return None
        index = int(sid[18:], 16)
        return self._all[index] if index < len(self._all) else None

    def sent_to(self, number: str) -> list[TakenMessage]:
        """Newest first, as Twilio lists."""
        for message in self._all[self._indexed :]:
            self._by_number[message.to].append(message)
        self._indexed = len(self._all)
        return self._by_number.get(number, [])[::-1]

    def newest(self) -> list[TakenMessage]:
        return self._all[::-1]

    def arrivals(self) -> list[tuple[str, str, float]]:
        return [(message.reference, message.to, message.at) for message in self._all]

    def stats(self) -> dict[str, Any]:
        return {
            "received": len(self._all),
            "unique": len(self._references),
            "duplicates": len(self._all) - len(self._references),
            "unique_texts": len(self._keys),
            "duplicate_texts": len(self._all) - len(self._keys),
            "first_at": self._all[0].at if self._all else None,
            "last_at": self._all[-1].at if self._all else None,
        }
