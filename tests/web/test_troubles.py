"""Whatever goes wrong with a shop has a sentence in every language."""

import ast
from collections.abc import Iterator

import pytest

from connectors.magento import rest as magento
from connectors.woocommerce import rest as woocommerce
from sidecar.domain.backoffice import NO_PLUGIN
from sidecar.web.admin import troubles
from tests.architecture.source import modules

CONSTANTS = {"NOT_THERE": woocommerce.NOT_THERE, "REFUSED": magento.REFUSED, "NO_PLUGIN": NO_PLUGIN}


def codes_of(name: str) -> Iterator[str]:
    """The first of what is given to each that is raised."""
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                match node.args[0]:
                    case ast.Constant(value=str(code)):
                        yield code
                    case ast.Name(id=constant) if constant in CONSTANTS:
                        yield CONSTANTS[constant]
                    case other:
                        raise AssertionError(f"{module}: a code that cannot be read: {ast.unparse(other)}")


def test_every_problem_of_a_shop_is_known_by_its_code() -> None:
    found = set(codes_of("ShopProblem"))
    assert len(found) > 15
    assert found <= set(troubles._TROUBLES)


@pytest.mark.parametrize("code", ["bad_signature", "too_large"])
def test_so_is_what_makes_us_refuse_a_delivery(code: str) -> None:
    assert code in troubles._TROUBLES
