"""The gate before SQLite's single writer: one at a time across threads and processes, and everyone in turn."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

import sidecar
from sidecar.storage.gate import WriteGate

CODE = Path(sidecar.__file__).parent.parent
Start = Callable[..., "subprocess.Popen[bytes]"]

COUNT_UP = """
for _ in range(150):
    with gate:
        number = int(open(name).read())
        open(name, "w").write(str(number + 1))
"""
HOLD = """
with gate:
    print("inside", flush=True)
    sys.stdin.readline()
"""
COME_STRAIGHT_BACK = """
print("ready", flush=True)
sys.stdin.readline()
ends, times = time.monotonic() + 0.3, 0
while time.monotonic() < ends:
    with gate:
        times += 1
        leaves = time.monotonic() + 0.002
        while time.monotonic() < leaves:
            pass
print(times, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "recado.sqlite3")


@pytest.fixture
def start(path: str) -> Iterator[Start]:
    """Start a process that holds a gate on the same path, and end it with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, name: str = "") -> "subprocess.Popen[bytes]":
        head = "import os, sys, time\nfrom sidecar.storage.gate import WriteGate\ngate, name = WriteGate(sys.argv[1])"
        process = subprocess.Popen(
            [sys.executable, "-c", f"{head}, sys.argv[2]\n{program}", path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CODE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout
    return process.stdout.readline().decode().strip()


def test_processes_pass_one_at_a_time(start: Start, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    for process in [start(COUNT_UP, str(counter)) for _ in range(3)]:
        assert process.wait(30) == 0
    assert counter.read_text() == "450"


def test_threads_pass_one_at_a_time(path: str) -> None:
    gate, inside, most = WriteGate(path), 0, 0

    def pass_through() -> None:
        nonlocal inside, most
        for _ in range(200):
            with gate:
                inside += 1
                most = max(most, inside)
                inside -= 1

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(pass_through) for _ in range(4)]:
            done.result()
    assert (inside, most) == (0, 1)


def test_two_gates_of_one_process_keep_each_other_out(path: str) -> None:
    outer, inner, passed = WriteGate(path), WriteGate(path), threading.Event()

    def pass_through() -> None:
        with inner:
            passed.set()

    with outer:
        thread = threading.Thread(target=pass_through)
        thread.start()
        assert not passed.wait(0.1)
    assert passed.wait(5)
    thread.join()


def test_a_killed_process_lets_go(start: Start, path: str) -> None:
    holder = start(HOLD)
    assert line(holder) == "inside"
    passed = threading.Event()

    def pass_through() -> None:
        with WriteGate(path):
            passed.set()

    thread = threading.Thread(target=pass_through)
    thread.start()
    assert not passed.wait(0.1)
    holder.send_signal(signal.SIGKILL)
    assert passed.wait(5)
    thread.join()


def test_a_failure_inside_opens_the_gate_again(path: str, start: Start) -> None:
    gate = WriteGate(path)
    with suppress(ZeroDivisionError), gate:
        raise ZeroDivisionError
    assert line(start(HOLD)) == "inside"


def test_processes_that_come_straight_back_take_turns(start: Start) -> None:
    """Neither overtakes the other that waits, though it is awake and the other must be woken."""
    for _ in range(3):  # luck alone may let them alternate once
        pair = [start(COME_STRAIGHT_BACK), start(COME_STRAIGHT_BACK)]
        assert [line(process) for process in pair] == ["ready", "ready"]
        for process in pair:
            assert process.stdin
            process.stdin.write(b"\n")
            process.stdin.flush()
        fewer, more = sorted(int(line(process)) for process in pair)
        assert fewer >= more / 3


def test_a_forked_child_waits_like_anybody_else(path: str) -> None:
    gate = WriteGate(path)
    with gate:
        pass
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        os.read(ready, 1)
        with gate:
            os.write(told, b"in")
        os._exit(0)
    answer, tell = ready, told
    try:
        with gate:
            os.write(tell, b".")
            finished, _ = os.waitpid(child, os.WNOHANG)
            threading.Event().wait(0.1)
            assert (finished, os.waitpid(child, os.WNOHANG)) == (0, (0, 0))
        assert os.waitpid(child, 0) == (child, 0)
        assert os.read(answer, 2) == b"in"
    finally:
        os.close(answer)
        os.close(tell)


def test_the_gates_files_are_for_this_user_only(path: str) -> None:
    with WriteGate(path):
        pass
    files = sorted(Path(path).parent.iterdir())
    assert [file.name for file in files] == ["recado.sqlite3.gate", "recado.sqlite3.turnstile"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
