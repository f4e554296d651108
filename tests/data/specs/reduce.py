"""Cuts a vendor's description of its whole API down to the operations that an adapter uses.

    python -m tests.data.specs.reduce DESCRIPTION.json PATH... > tests/data/specs/KIND.json

The paths are those of the description; in what is written, the path of its first server stands before them, as it
does in the adapter's requests. A description in YAML is made JSON first, for example by `npx js-yaml`.

Where one of several forms is told by a discriminator, the forms themselves are made to ask for their word: Prism does
not heed discriminators, and takes a thing that fits two forms for one that fits none."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def reduced(spec: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    servers = spec.get("servers") or [{"url": ""}]
    prefix = urlsplit(servers[0]["url"]).path.rstrip("/")
    small = {name: spec[name] for name in ("openapi", "info", "security") if name in spec}
    small["info"] = {name: small["info"][name] for name in ("title", "version", "license") if name in small["info"]}
    small["paths"] = {prefix + path: spec["paths"][path] for path in paths}
    small["components"] = {"securitySchemes": spec["components"].get("securitySchemes", {})}
    for kind, name in sorted(_reachable(spec, small["paths"])):
        small["components"].setdefault(kind, {})[name] = spec["components"][kind][name]
    return _told_apart(small)


def _reachable(spec: dict[str, Any], start: object) -> set[tuple[str, str]]:
    """The components that are referred to, and those that they refer to."""
    found: set[tuple[str, str]] = set()
    waiting = [start]
    while waiting:
        for kind, name in set(_references(waiting.pop())) - found:
            found.add((kind, name))
            waiting.append(spec["components"][kind][name])
    return found


def _references(node: object) -> Iterator[tuple[str, str]]:
    match node:
        case dict():
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)
        case str() if node.startswith("#/components/"):
            _, _, kind, name = node.split("/")
            yield kind, name


def _told_apart(node: Any) -> Any:
    match node:
        case {"oneOf": _, "discriminator": {"propertyName": word, "mapping": mapping}, **rest}:
            forms = [
                {"allOf": [{"$ref": form}, {"properties": {word: {"enum": [name]}}}]} for name, form in mapping.items()
            ]
            return {**_told_apart(rest), "oneOf": forms}
        case dict():
            return {name: _told_apart(value) for name, value in node.items()}
        case list():
            return [_told_apart(value) for value in node]
    return node


if __name__ == "__main__":
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(reduced(description, sys.argv[2:]), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
