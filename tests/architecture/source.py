"""The house as it is written: its modules, parsed, and what they import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("sidecar", "connectors")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name."""
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths}


def path_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imports() -> dict[str, frozenset[str]]:
    """What each module imports, wherever in its body, as dotted names of modules."""
    return {name: frozenset(_resolved(_imported(tree))) for name, tree in modules().items()}


def part(module: str) -> str:
    """The part of the house a module belongs to: a folder or a file under `sidecar`, or a connector."""
    return ".".join(module.split(".")[:2])


def parts() -> dict[str, set[str]]:
    """What parts of ours each part imports."""
    found: dict[str, set[str]] = {part(module): set() for module in modules()}
    for module, imported in imports().items():
        ours = {part(name) for name in imported if name.split(".")[0] in FOLDERS}
        found[part(module)] |= ours - {part(module)}
    return found


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide from where something comes"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _resolved(names: Iterator[str]) -> Iterator[str]:
    """`a.b.C` is an import of module `a.b`, unless `a.b.C` is a module itself."""
    for name in names:
        ours = name.split(".")[0] in FOLDERS
        yield name if not ours or name in modules() else name.rpartition(".")[0]
