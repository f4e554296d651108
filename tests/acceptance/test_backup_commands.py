"""`recado db backup` and `restore`, and how a worker is watched."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.acceptance.processes import Sidecar, wait_until
from tests.bench import procs


def test_a_copy_brings_everything_back(sidecar: Sidecar, tmp_path: Path) -> None:
    shop = sidecar.open_shop()
    copied = sidecar.command("db", "backup", str(tmp_path / "copy"))
    assert copied.exit_code == 0, copied.output
    assert "Keep the secret key" in copied.output
    sidecar.json("shop", "set", shop["shop_id"], "--sender", "Outra")
    refused = sidecar.command("db", "restore", str(tmp_path / "copy"))
    assert "database_there" in str(refused.exception) or "--replace" in refused.output
    restored = sidecar.command("db", "restore", str(tmp_path / "copy"), "--replace")
    assert restored.exit_code == 0, restored.output
    found = sidecar.json("shop", "show", shop["shop_id"])
    assert found["sender"] == "Loja"
    assert found["told_from"]


def test_a_database_at_work_is_not_replaced(sidecar: Sidecar, tmp_path: Path) -> None:
    sidecar.open_shop()
    sidecar.command("db", "backup", str(tmp_path / "copy"))
    port = procs.free_port()
    sidecar.environment["RECADO_WORKER_BIND"] = f"127.0.0.1:{port}"
    worker = sidecar.start("worker")
    procs.wait_ready(f"http://127.0.0.1:{port}/readyz", 30, worker)
    refused = sidecar.recado("db", "restore", str(tmp_path / "copy"), "--replace")
    assert refused.returncode == 2
    assert "[still_running]" in refused.stderr
    alive = {**os.environ, **sidecar.environment, "RECADO_BIND": f"127.0.0.1:{procs.free_port()}"}
    check = [sys.executable, "-m", "sidecar.alive"]
    assert subprocess.run(check, env=alive, check=False, cwd=procs.ROOT).returncode == 0
    worker.send_signal(signal.SIGTERM)
    wait_until(lambda: worker.poll() is not None, 20)
    assert subprocess.run(check, env=alive, check=False, cwd=procs.ROOT).returncode == 1


def test_what_cannot_be_a_moment_or_a_copy_is_refused(sidecar: Sidecar, tmp_path: Path) -> None:
    sidecar.open_shop()
    (tmp_path / "copy").write_text("no copy")
    moment = sidecar.recado("db", "restore", str(tmp_path / "copy"), "--replace", "--lost-at", "yesterday")
    assert (moment.returncode, "[bad_moment]" in moment.stderr) == (2, True)
    copy = sidecar.recado("db", "restore", str(tmp_path / "copy"), "--replace")
    assert (copy.returncode, "[restore_failed]" in copy.stderr) == (2, True)
    assert len(sidecar.json("shop", "list")) == 1
