"""`python -m sidecar.alive`: exits 0 if a process of this machine answers as web or worker. For health checks in
containers, which have no other client."""

import os
import sys
from urllib.request import urlopen


def answers(bind: str) -> bool:
    port = bind.rpartition(":")[2]
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    binds = (os.environ.get("RECADO_BIND", "127.0.0.1:8000"), os.environ.get("RECADO_WORKER_BIND", ""))
    sys.exit(not any(answers(bind) for bind in binds if bind))
