"""Values in what a gateway writes: JSON, XML, a form or plain text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, Protocol, TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from pydantic_core import from_json

Kind = Literal["json", "xml", "text", "form"]
Meaning = TypeVar("Meaning")

_TEXT_LOOKED_AT = 2000
_NAME = r"(?:[A-Za-z_][\w.-]*|\*)"
_PLACE_IN = {
    "json": (re.compile(r"[^.\s{}*]+(\.[^.\s{}*]+)*"), "a path like messages.0.id"),
    "xml": (re.compile(rf"(?:{_NAME}(?:/{_NAME})*(?:/@[\w.-]+)?|@[\w.-]+)"), "a path like answer/message/@id"),
    "text": (re.compile(r"[^{}]*\{value\}[^{}]*"), "the text with {value} in it once, and * for what varies"),
    "form": (re.compile(r"[^\s{}*]+"), "a parameter's name"),
}
_WILDCARD = re.compile(r"(\{value\}|\*)")


class Document(Protocol):
    def value(self, place: str) -> str | None:
        """What stands there; None where there is nothing, or more than one value."""

    def items(self, place: str) -> "list[Document]":
        """The entries of a list, or the whole where `place` is empty and it is no list."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What could not be read."""

    def value(self, place: str) -> str | None:
        return None

    def items(self, place: str) -> list[Document]:
        return []


@dataclass(frozen=True, slots=True)
class Json:
    node: object

    def value(self, place: str) -> str | None:
        match self._at(place):
            case bool(truth):
                return "true" if truth else "false"
            case str() | int() | float() as plain:
                return str(plain)
        return None

    def items(self, place: str) -> list[Document]:
        node = self._at(place)
        if isinstance(node, list):
            return [Json(item) for item in node]
        return [] if place else [self]

    def _at(self, place: str) -> object:
        node = self.node
        for step in place.split(".") if place else ():
            match node:
                case dict():
                    node = node.get(step)
                case list() if step.isdecimal() and int(step) < len(node):
                    node = node[int(step)]
                case _:
                    return None
        return node


@dataclass(frozen=True, slots=True)
class Xml:
    element: Element

    def value(self, place: str) -> str | None:
        path, _, attribute = place.partition("@")
        element = self.element.find(path.rstrip("/")) if path else self.element
        if element is None:
            return None
        return element.get(attribute) if attribute else element.text or ""

    def items(self, place: str) -> list[Document]:
        return [Xml(element) for element in self.element.findall(place)] if place else [self]


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, list[str]]

    def value(self, place: str) -> str | None:
        return self.fields[place][0] if place in self.fields else None

    def items(self, place: str) -> list[Document]:
        return [self]


@dataclass(frozen=True, slots=True)
class Text:
    text: str

    def value(self, place: str) -> str | None:
        found = _pattern(place).fullmatch(self.text)
        return found["value"].strip() if found else None

    def items(self, place: str) -> list[Document]:
        return [self]


def read(kind: Kind, body: bytes, charset: str) -> Document:
    """`Nothing` where the body is not of that kind."""
    try:
        if kind == "json":
            return Json(from_json(body))
        if kind == "xml":
            return _read_xml(body)
    except (ValueError, ParseError, LookupError):
        return Nothing()
    return Text(body.decode(charset, "replace").strip()[:_TEXT_LOOKED_AT])


def _read_xml(body: bytes) -> Xml:
    """With the root inside an element of its own, so that a path begins with the root's name."""
    document = Element("document")
    document.append(ElementTree.fromstring(body))
    for element in document.iter():
        element.tag = _without_namespace(element.tag)
        for name in list(element.attrib):
            element.set(_without_namespace(name), element.attrib.pop(name))
    return Xml(document)


def _without_namespace(name: str) -> str:
    return name.rpartition("}")[2]


def misplaced(kind: Kind, place: str) -> str | None:
    """What a place in such a document should look like, or None where this one does."""
    form, like = _PLACE_IN[kind]
    return None if form.fullmatch(place) else like


@lru_cache(maxsize=256)
def _pattern(place: str) -> re.Pattern[str]:
    """Nothing is looked for twice (atomic groups), so that no text takes long, whatever the gateway writes."""
    first, *rest = _WILDCARD.split(place)
    steps = list(zip(rest[::2], rest[1::2], strict=True))
    written = [re.escape(first)]
    for number, (wildcard, literal) in enumerate(steps, start=1):
        is_last = number == len(steps)
        some = "." + ("+" if wildcard == "{value}" else "*") + ("" if is_last else "?")
        gap = f"(?P<value>{some})" if wildcard == "{value}" else some
        written.append(f"{gap}{re.escape(literal)}" if is_last else f"(?>{gap}{re.escape(literal)})")
    return re.compile("".join(written), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Vocabulary(Generic[Meaning]):
    """What words mean. A word that ends in * stands for all that begin with it; the longest counts."""

    exact: Mapping[str, Meaning]
    beginnings: tuple[tuple[str, Meaning], ...]

    def __call__(self, word: str) -> Meaning | None:
        if word in self.exact:
            return self.exact[word]
        return next((meaning for beginning, meaning in self.beginnings if word.startswith(beginning)), None)


def vocabulary(words_of: Mapping[Meaning, Iterable[str]]) -> Vocabulary[Meaning]:
    meanings = [(word, meaning) for meaning, words in words_of.items() for word in words]
    begun = [(word[:-1], meaning) for word, meaning in meanings if word.endswith("*")]
    exact = {word: meaning for word, meaning in meanings if not word.endswith("*")}
    return Vocabulary(exact, tuple(sorted(begun, key=lambda pair: len(pair[0]), reverse=True)))
