"""The texts of the Magento module that people read, wherever they stand in it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from defusedxml import ElementTree

MODULE = Path(__file__).parents[2] / "connectors" / "magento" / "module"
# Adjacent literals are one text: 'a ' . 'b'.
_LITERAL = r"'(?:[^'\\]|\\.)*'(?:\s*\.\s*'(?:[^'\\]|\\.)*')*"
_CALLS = re.compile(rf"(?<![\w$])(?:__|\$t|new Phrase)\(\s*({_LITERAL})")
_RULES = re.compile(rf"(?:return|:|\?)\s*({_LITERAL})")
_PARTS = re.compile(r"'((?:[^'\\]|\\.)*)'")
_I18N = re.compile(r"i18n: ([^\"]+)\"")


def texts() -> set[str]:
    return {text for text in (*_in_code(), *_in_rules(), *_in_pages(), *_in_xml()) if text not in ("", "%1")}


def translated(locale: str) -> dict[str, str]:
    with (MODULE / "i18n" / f"{locale}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert all(len(row) == 2 for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    return dict(rows)


def _joined(literals: str) -> str:
    return "".join(_PARTS.findall(literals)).replace("\\'", "'")


def _in_code() -> Iterator[str]:
    for path in sorted((*MODULE.rglob("*.php"), *MODULE.rglob("*.phtml"), *MODULE.rglob("*.js"))):
        for found in _CALLS.findall(path.read_text(encoding="utf-8")):
            yield _joined(found)


def _in_rules() -> Iterator[str]:
    """Rules know nothing of Magento: their sentences are translated by who asks them."""
    for path in sorted((MODULE / "Model" / "Settings").glob("*Rule.php")):
        for found in _RULES.findall(path.read_text(encoding="utf-8")):
            yield _joined(found)


def _in_pages() -> Iterator[str]:
    for path in sorted(MODULE.rglob("*.html")):
        for found in _I18N.findall(path.read_text(encoding="utf-8")):
            yield from _PARTS.findall(found)


def _in_xml() -> Iterator[str]:
    for path in sorted(MODULE.rglob("*.xml")):
        for node in ElementTree.parse(path).iter():
            for name in node.get("translate", "").split():
                yield (node.text or "").strip() if name == "true" else (node.get(name) or node.findtext(name) or "")
