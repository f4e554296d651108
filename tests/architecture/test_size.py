"""Nothing grows until nobody can read it."""

import ast

import pytest

from tests.architecture.source import modules, path_of

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 10
MOST_PARAMETERS = 12

WRITTEN = [module for module in modules() if ".versions." not in module]


def _functions(module: str) -> dict[str, int]:
    """Lines of each function from its `def` to its end."""
    found = [n for n in ast.walk(modules()[module]) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f"{module}.{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1 for node in found}


@pytest.mark.parametrize("module", WRITTEN)
def test_a_file_is_not_too_long(module: str) -> None:
    lines = path_of(module).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    assert max(map(len, lines), default=0) <= 120


@pytest.mark.parametrize("module", WRITTEN)
def test_a_function_is_not_too_long(module: str) -> None:
    assert not {name: length for name, length in _functions(module).items() if length > LONGEST_FUNCTION}


def test_most_functions_are_short() -> None:
    lengths = sorted(length for module in WRITTEN for length in _functions(module).values())
    assert lengths[len(lengths) // 2] <= USUAL_FUNCTION
    assert sum(length > 30 for length in lengths) <= len(lengths) / 50


def test_no_function_takes_a_bag_of_arguments() -> None:
    """A command has one for each of its options, and the outbox's rows have many columns."""
    for module in WRITTEN:
        for node in ast.walk(modules()[module]):
            if isinstance(node, ast.FunctionDef):
                assert len(node.args.args) + len(node.args.kwonlyargs) <= MOST_PARAMETERS, f"{module}.{node.name}"
