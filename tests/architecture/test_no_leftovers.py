"""What was meant to be finished later is finished."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, modules, path_of

_PROMISE = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP|to be done)\b")
_DEBUGGING = {"print", "breakpoint", "pprint", "exit", "quit"}
_TEXT = {".py", ".html", ".css", ".js", ".toml", ".mako", ".md", ".svg"}
_OURS = ("sidecar", "connectors", "docs", "deploy")


def test_nothing_is_promised_for_later() -> None:
    for folder in _OURS:
        for path in (path for path in (ROOT / folder).rglob("*") if path.suffix in _TEXT):
            assert not _PROMISE.search(path.read_text(encoding="utf-8")), path


def test_no_file_names_a_folder_of_one_machine() -> None:
    absolute = re.compile(r"(?<![\w.])/(work|home|root|Users)/\w")
    for folder in (*_OURS, "tests"):
        for path in (path for path in (ROOT / folder).rglob("*") if path.suffix in _TEXT):
            if path.name != "test_no_leftovers.py":
                assert not absolute.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("module", modules())
def test_nothing_is_left_over(module: str) -> None:
    for node in ast.walk(modules()[module]):
        where = f"{path_of(module)}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _DEBUGGING:
                raise AssertionError(f"{where}: {name}()")
            case ast.Name(id="NotImplementedError"):
                raise AssertionError(f"{where}: something is not there yet")
            case ast.ExceptHandler(type=None):
                raise AssertionError(f"{where}: a bare except also catches the end of the process")
            case ast.ExceptHandler(type=ast.Name(id="Exception" | "BaseException"), body=[ast.Pass()]):
                raise AssertionError(f"{where}: whatever went wrong here, nobody will know")
            case ast.Import(names=[ast.alias(name="pdb")]):
                raise AssertionError(f"{where}: a debugger")


def test_time_is_handed_in() -> None:
    """One place asks the machine for the date; all others are told, and can be tested at any hour."""
    asking = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    }
    assert asking == {"sidecar.wiring.process"}
