"""Prism, a server made from a vendor's own description of its API: it answers what is described, and refuses what is
not. npm installs it, with everything it needs pinned by hash."""

import fcntl
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

PINNED = Path(__file__).parent.parent / "data" / "prism"
PINS = ("package.json", "package-lock.json")
LONGEST_INSTALLATION = 300


class PrismMissing(Exception):
    """Why there is no Prism for the tests."""


def installed(folder: Path) -> Path:
    """The program, installed into `folder` unless it is there; whoever comes meanwhile waits. Raises PrismMissing."""
    program = folder / "node_modules" / ".bin" / "prism"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_whole(folder):
            _install(folder)
    return program


def _is_whole(folder: Path) -> bool:
    """npm writes its own list of what it has installed last of all."""
    lock = folder / PINS[-1]
    same = lock.exists() and lock.read_bytes() == (PINNED / PINS[-1]).read_bytes()
    return same and (folder / "node_modules" / ".package-lock.json").exists()


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if not npm:
        raise PrismMissing("npm is not installed: the tests against the vendors' descriptions did not run.")
    for name in PINS:
        shutil.copy(PINNED / name, folder)
    order = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(order, cwd=folder, check=True, capture_output=True, timeout=LONGEST_INSTALLATION)
    except (OSError, subprocess.SubprocessError) as error:
        words = "npm could not install Prism: the tests against the vendors' descriptions did not run."
        raise PrismMissing(words) from error


@dataclass(frozen=True, slots=True)
class Prism:
    """`said`: all that Prism has printed, what it found wrong with a request among it."""

    url: str
    said: list[str]


@contextmanager
def running(program: Path, description: Path) -> Iterator[Prism]:
    order = [str(program), "mock", "--host", "127.0.0.1", "--port", "0", str(description)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            said: list[str] = []
            url = next(filter(None, (_address(line, said) for line in process.stdout)), "")
            assert url, f"Prism did not start: {''.join(said)}"
            # Somebody must listen to what it prints, or it stops when nobody does.
            listener = Thread(target=said.extend, args=(process.stdout,), daemon=True)
            listener.start()
            yield Prism(url, said)
        finally:
            process.terminate()
        listener.join(10)


def _address(line: str, said: list[str]) -> str:
    said.append(line)
    found = re.search(r"listening on (http://\S+)", line)
    return found[1] if found else ""
