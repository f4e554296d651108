"""As much of JSON Schema as our own document uses; an unknown keyword is an error, so that none is skipped."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_SAYS_NOTHING = {"description", "title", "default", "examples", "$defs"}


class Checker:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def faults(self, schema: dict[str, Any], value: Any, where: str = "$") -> Iterator[str]:
        for keyword, wanted in _type_first(schema):
            if keyword in _SAYS_NOTHING:
                continue
            check = getattr(self, f"_{keyword.lstrip('$')}", None)
            if check is None:
                raise NotImplementedError(f"keyword {keyword} at {where}")
            found = [f"{where}: {fault}" for fault in check(wanted, value, schema, where)]
            yield from found
            if found and keyword == "type":
                return

    def resolve(self, ref: str) -> dict[str, Any]:
        found: Any = self._document
        for part in ref.removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)

    def _ref(self, ref: str, value: Any, _schema: Any, where: str) -> Iterator[str]:
        yield from self.faults(self.resolve(ref), value, where)

    def _type(self, wanted: Any, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        kinds = [wanted] if isinstance(wanted, str) else wanted
        fits = any(isinstance(value, _TYPES[kind]) for kind in kinds)
        if not fits or (isinstance(value, bool) and "boolean" not in kinds):
            yield f"{value!r} is not of type {wanted}"

    def _enum(self, wanted: list[Any], value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if value not in wanted:
            yield f"{value!r} is none of {wanted}"

    def _const(self, wanted: Any, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if value != wanted:
            yield f"{value!r} is not {wanted!r}"

    def _anyOf(self, wanted: list[Any], value: Any, _schema: Any, where: str) -> Iterator[str]:
        if all(list(self.faults(schema, value, where)) for schema in wanted):
            yield f"{value!r} fits none of {wanted}"

    def _required(self, wanted: list[str], value: Any, _schema: Any, _where: str) -> Iterator[str]:
        yield from (f"{name} is missing" for name in wanted if name not in value)

    def _properties(self, wanted: dict[str, Any], value: Any, _schema: Any, where: str) -> Iterator[str]:
        for name in wanted.keys() & value.keys():
            yield from self.faults(wanted[name], value[name], f"{where}.{name}")

    def _additionalProperties(self, wanted: Any, value: Any, schema: Any, where: str) -> Iterator[str]:
        for name in value.keys() - schema.get("properties", {}).keys():
            if wanted is False:
                yield f"{name} is not described"
            elif isinstance(wanted, dict):
                yield from self.faults(wanted, value[name], f"{where}.{name}")

    def _patternProperties(self, wanted: dict[str, Any], value: Any, _schema: Any, where: str) -> Iterator[str]:
        for name in value:
            fitting = [part for pattern, part in wanted.items() if re.search(pattern, name)]
            yield from (fault for part in fitting for fault in self.faults(part, value[name], f"{where}.{name}"))

    def _items(self, wanted: Any, value: Any, _schema: Any, where: str) -> Iterator[str]:
        for position, item in enumerate(value):
            yield from self.faults(wanted, item, f"{where}[{position}]")

    def _pattern(self, wanted: str, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if isinstance(value, str) and not re.search(wanted, value):
            yield f"{value!r} does not match {wanted}"

    def _format(self, wanted: str, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        assert wanted == "date-time"
        if value is not None and datetime.fromisoformat(value).tzinfo is None:
            yield f"{value!r} has no time zone"

    def _minItems(self, wanted: int, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) < wanted:
            yield f"{value!r} has fewer than {wanted} items"

    def _minLength(self, wanted: int, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if len(value) < wanted:
            yield f"{value!r} is shorter than {wanted}"

    def _maxLength(self, wanted: int, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if len(value) > wanted:
            yield f"{value!r} is longer than {wanted}"

    def _minimum(self, wanted: float, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if value < wanted:
            yield f"{value} is less than {wanted}"

    def _maximum(self, wanted: float, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if value > wanted:
            yield f"{value} is more than {wanted}"

    def _exclusiveMinimum(self, wanted: float, value: Any, _schema: Any, _where: str) -> Iterator[str]:
        if value <= wanted:
            yield f"{value} is not more than {wanted}"


def _type_first(schema: dict[str, Any]) -> list[tuple[str, Any]]:
    """What is of another type has none of the parts that the other keywords are about."""
    return sorted(schema.items(), key=lambda item: item[0] != "type")
