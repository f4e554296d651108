"""Packs the plugin as WordPress installs it: `python pack.py TARGET.zip`. The same files give the same bytes."""

import re
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PLUGIN = Path(__file__).parent / "recado"
_SAID_IN = {
    "recado.php": (r"^ \* Version: +(\S+)$", r"'RECADO_VERSION', '([^']+)'"),
    "readme.txt": (r"^Stable tag: (\S+)$",),
}
_AT = (2026, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16


def version() -> str:
    """Of the plugin, which says it in several places. Raises ValueError where they differ."""
    found: set[str] = set()
    for name, patterns in _SAID_IN.items():
        text = (PLUGIN / name).read_text(encoding="utf-8")
        found |= {match for pattern in patterns for match in re.findall(pattern, text, re.MULTILINE) or ["none"]}
    if len(found) != 1:
        raise ValueError(f"The plugin says that it is version {' and '.join(sorted(found))}: say one everywhere.")
    return found.pop()


def pack(target: Path) -> None:
    version()
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for path in sorted(path for path in PLUGIN.rglob("*") if path.is_file()):
            entry = ZipInfo(path.relative_to(PLUGIN.parent).as_posix(), _AT)
            entry.external_attr = _READABLE_BY_ALL
            archive.writestr(entry, path.read_bytes(), ZIP_DEFLATED)


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
