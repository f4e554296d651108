"""The steps by which CONTRIBUTING adds a provider are enough: one file, one line in the registry, one sample, one test
file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

NEWCOMER = ROOT / "tests" / "data" / "newcomer"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "data", "acceptance", "browser", "shops", "plugin", "module")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of ours, in which the newcomer builds."""
    for part in ("sidecar", "connectors", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_newcomer_follows_the_steps(house: Path) -> None:
    shutil.copy(NEWCOMER / "lark.py", house / "sidecar" / "providers")
    registry = house / "sidecar" / "providers" / "registry.py"
    lines = registry.read_text(encoding="utf-8").replace('    "octopush":', '    "lark": Lark,\n    "octopush":')
    imported = "from sidecar.providers.lark import Lark\nfrom sidecar.providers.octopush"
    registry.write_text(lines.replace("from sidecar.providers.octopush", imported), encoding="utf-8")
    shutil.copy(NEWCOMER / "lark-send.json", house / "tests" / "providers" / "vectors")
    shutil.copy(NEWCOMER / "lark_contract.py", house / "tests" / "providers" / "test_lark.py")

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/providers/test_lark.py"]
    told = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stdout[-3000:]
    passed = re.search(r"(\d+) passed", told.stdout)
    assert passed and int(passed[1]) > 60, "the whole contract"

    kinds = [sys.executable, "-c", "from sidecar.providers.registry import matrix; print(matrix())"]
    assert "`lark`" in subprocess.run(kinds, cwd=house, capture_output=True, text=True, check=True).stdout
