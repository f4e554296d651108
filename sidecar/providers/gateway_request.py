"""A gateway's request, written from a template with placeholders."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from sidecar.domain.message import OutgoingMessage

Format = Literal["form", "json", "xml"]
Values = Mapping[str, str]

NUMBERS = ("to", "to_digits", "to_00")
TEXTS = ("text", "text_hex")
CREDENTIALS = ("username", "password", "token")
COUNTABLE = ("to_digits", "validity_seconds", "validity_minutes")
KNOWN = (
    *(*NUMBERS, *TEXTS, "sender", "id", "validity_seconds", "validity_minutes", "status_url", "inbound_url"),
    *CREDENTIALS,
)

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(:number)?\}")
_NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TELLING = "<&\"'>"


def names_in(written: str) -> list[str]:
    return [name for name, _ in _PLACEHOLDER.findall(written)]


def counted_in(written: str) -> list[str]:
    """The placeholders that are to be written as numbers."""
    return [name for name, counted in _PLACEHOLDER.findall(written) if counted]


def fill(written: str, values: Values) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], written)


def fill_path(written: str, values: Values) -> str:
    return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), written)


def values_of(message: OutgoingMessage, sender: str) -> dict[str, str]:
    """What a message says in place of the placeholders; empty where it does not say. Raises UnicodeEncodeError
    for a text that is none (half a surrogate pair)."""
    digits, seconds = message.to.removeprefix("+"), message.validity_seconds
    return {
        "to": message.to,
        "to_digits": digits,
        "to_00": f"00{digits}",
        "text": message.text,
        "text_hex": message.text.encode("utf-16-be").hex().upper(),
        "sender": message.sender or sender,
        "id": message.id,
        "validity_seconds": "" if seconds is None else str(max(seconds, 1)),
        "validity_minutes": "" if seconds is None else str(max(seconds // 60, 1)),
    }


class Body(Protocol):
    content_type: ClassVar[str]

    def write(self, values: Values, charset: str) -> bytes:
        """Raises UnicodeEncodeError where the charset has no sign for a letter."""


@dataclass(frozen=True, slots=True)
class FormBody:
    fields: Mapping[str, str] = field(repr=False)
    content_type: ClassVar[str] = "application/x-www-form-urlencoded"

    def write(self, values: Values, charset: str) -> bytes:
        said = {name: fill(value, values) for name, value in self.fields.items() if not _is_left_out(value, values)}
        return urlencode(said, encoding=charset).encode()


@dataclass(frozen=True, slots=True)
class JsonBody:
    node: object = field(repr=False)
    content_type: ClassVar[str] = "application/json"

    def write(self, values: Values, charset: str) -> bytes:
        return json.dumps(_filled(self.node, values)).encode()


@dataclass(frozen=True, slots=True)
class XmlBody:
    written: str = field(repr=False)
    content_type: ClassVar[str] = "text/xml"

    def write(self, values: Values, charset: str) -> bytes:
        safe = {
            name: escape(_NOT_OF_XML.sub("", value), {'"': "&quot;", "'": "&apos;"}) for name, value in values.items()
        }
        return fill(self.written, safe).encode(charset, "xmlcharrefreplace")


def read_body(form: Format, written: str) -> Body:
    """Raises ValueError with what the template must be."""
    if form == "xml":
        return _read_xml(written)
    try:
        node = json.loads(written)
    except (ValueError, RecursionError):
        raise ValueError("must be JSON") from None
    if form == "json":
        return JsonBody(node)
    if not isinstance(node, dict) or not all(isinstance(value, str) for value in node.values()):
        raise ValueError('must be a JSON object of texts, like {"to": "{to}", "text": "{text}"}')
    return FormBody(node)


def _read_xml(written: str) -> XmlBody:
    """Filled with a telling value, the template must be XML from which that value can be read."""
    values = dict.fromkeys(names_in(written), _TELLING)
    try:
        root = ElementTree.fromstring(XmlBody(written).write(values, "utf-8"))
    except (ElementTree.ParseError, ValueError):
        raise ValueError("must be XML, without entities of its own") from None
    read = [text for element in root.iter() for text in (element.text, element.tail, *element.attrib.values()) if text]
    if sum(text.count(_TELLING) for text in read) != len(names_in(written)):
        raise ValueError("must not hold placeholders in CDATA, comments or names: they are escaped as text")
    return XmlBody(written)


def _filled(node: object, values: Values) -> object:
    """An entry that is nothing but a placeholder without a value is left out."""
    match node:
        case str():
            return _filled_text(node, values)
        case dict():
            return {name: _filled(value, values) for name, value in node.items() if not _is_left_out(value, values)}
        case list():
            return [_filled(value, values) for value in node if not _is_left_out(value, values)]
    return node


def _filled_text(written: str, values: Values) -> str | int:
    alone = _PLACEHOLDER.fullmatch(written)
    return int(values[alone[1]]) if alone and alone[2] else fill(written, values)


def _is_left_out(written: object, values: Values) -> bool:
    alone = _PLACEHOLDER.fullmatch(written) if isinstance(written, str) else None
    return alone is not None and not values[alone[1]]
