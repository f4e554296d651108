"""The vendors' own libraries, as independent witnesses."""

import os
from importlib import import_module
from typing import Any

import pytest


def official(module: str) -> Any:
    """A vendor's module; where it is not installed the tests beside it are skipped, or fail if all are required."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if os.environ.get("RECADO_REQUIRE_ALL"):
            raise
        pytest.skip(f"{error.name} is not installed", allow_module_level=True)
