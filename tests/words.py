"""The sentences of the pages in their six languages: `python -m tests.words` gathers them into the catalogs, compiles
these, and says what is still to be translated.

An area is a folder of templates and the module of the same name; what belongs to none is the frame's. With
`--fill FILE` translations are taken from a table with tabs between: the English sentence, then pt_BR, es, fr, zh_CN
and zh_TW. Plural forms go under the English plural, with ` | ` between them."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sidecar.web.admin.language import CATALOGS, LANGUAGES

ROOT = Path(__file__).parents[1]
WEB = ROOT / "sidecar" / "web"
FRAME = "frame"
TRANSLATED = [code for code in LANGUAGES if code != "en"]
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_CHANGING = ('"POT-Creation', '"PO-Revision', '"Generated-By', '"Last-Translator', '"Language-Team', '"Report-Msgid')
_KEYWORDS = {"_": None, "_n": (1, 2), "_later": None, "ngettext": (1, 2), "gettext": None}


def area_of(path: Path) -> str:
    folder = WEB / ("templates/admin" if path.suffix == ".html" else "admin")
    first = path.relative_to(folder).parts[0].removesuffix(".py")
    return first if (WEB / "templates" / "admin" / first).is_dir() else FRAME


def sources() -> Iterator[Path]:
    yield from sorted((WEB / "admin").rglob("*.py"))
    yield from sorted((WEB / "templates" / "admin").rglob("*.html"))


def gathered() -> dict[str, Catalog]:
    """What the sources say, by area."""
    found: dict[str, Catalog] = {}
    for path in sources():
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {"silent": "false"} if path.suffix == ".html" else {}
        with path.open("rb") as file:
            for _line, sentence, _comments, _context in extract(method, file, _KEYWORDS, options=options):
                found.setdefault(area_of(path), Catalog()).add(sentence)
    return found


def po_path(area: str, code: str) -> Path:
    return CATALOGS / str(Locale.parse(code)) / "LC_MESSAGES" / f"{area}.po"


def catalog(area: str, code: str) -> Catalog:
    path = po_path(area, code)
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def compiled(of: Catalog) -> bytes:
    out = BytesIO()
    of.creation_date = of.revision_date = _NO_DATE
    write_mo(out, of)
    return out.getvalue()


def sentences(of: Catalog) -> list[Message]:
    return [message for message in of if message.id]


def missing(message: Message) -> bool:
    return message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string or [""])


def renew(table: Mapping[str, list[str]]) -> list[str]:
    """Bring every catalog up to the sources; returns what is untranslated."""
    lacking = []
    for area, wanted in gathered().items():
        for number, code in enumerate(TRANSLATED):
            kept = catalog(area, code)
            fresh = Catalog(
                code, project="Recado", header_comment="# The pages of Recado.", charset="utf-8", fuzzy=False
            )
            for message in sentences(wanted):
                before = kept.get(message.id)
                strings = _translated(message, table, number) or (before.string if before else "")
                fresh.add(message.id, strings, flags=message.flags)
            _write(area, code, fresh)
            lacking += [f"{area} {code}: {m.id!r}" for m in sentences(fresh) if missing(m)]
    return lacking


def _translated(message: Message, table: Mapping[str, list[str]], number: int) -> str | tuple[str, ...] | None:
    if isinstance(message.id, str):
        row = table.get(message.id)
        return row[number] if row else None
    row = table.get(message.id[1])
    return tuple(part.strip() for part in row[number].split(" | ")) if row else None


def _write(area: str, code: str, fresh: Catalog) -> None:
    path = po_path(area, code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, omit_header=False, no_location=True, sort_output=True, width=0)
    text = path.read_text(encoding="utf-8")
    lasting = [line for line in text.splitlines() if not line.startswith(_CHANGING)]
    path.write_text("\n".join(lasting) + "\n", encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(catalog(area, code)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fill", type=Path)
    chosen = parser.parse_args()
    rows = chosen.fill.read_text(encoding="utf-8").splitlines() if chosen.fill else []
    table = {cells[0]: cells[1:] for row in rows if len(cells := row.split("\t")) == 1 + len(TRANSLATED)}
    lacking = renew(table)
    print("\n".join(lacking) or "Everything is translated.")
    sys.exit(bool(lacking))


if __name__ == "__main__":
    main()
