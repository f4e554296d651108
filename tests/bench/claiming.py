"""A worker's turn at the outbox, on demand: `python -m tests.bench.claiming DATABASE_URL ACCOUNT_ID`. Each line
on standard input is answered by a line of JSON: what a turn took, and the memory since the start."""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sidecar.storage import outbox
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages

TAKEN = 24
_PAGE = 4096


class Turns:
    """In each, held messages that are due are released, what is too late expires, and queued ones are claimed."""

    def __init__(self, database_url: str, account_id: str) -> None:
        self._resident_before = resident_bytes()
        self._account_id = account_id
        self._writer = Messages(random.getrandbits)
        self._database = Database(database_url)

    def take(self) -> dict[str, Any]:
        started = time.perf_counter()
        with self._database.write() as connection:
            now = datetime.now(UTC)
            released = outbox.release_due(connection, self._writer, now, TAKEN)
            expired = outbox.expire(connection, self._writer, now)
            ready = outbox.accounts_with_work(connection, now)
            claimed = outbox.claim(connection, "bench", self._account_id, TAKEN, now)
            asked = time.perf_counter() - started
        seconds = time.perf_counter() - started
        assert (released, expired, [busy.account_id for busy in ready], len(claimed)) == (
            TAKEN,
            0,
            [self._account_id],
            TAKEN,
        )
        return {"seconds": seconds, "before_commit": asked, "memory": resident_bytes() - self._resident_before}

    def close(self) -> None:
        self._database.close()


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def main() -> None:
    turns = Turns(*sys.argv[1:])
    for _ in sys.stdin:
        print(json.dumps(turns.take()), flush=True)


if __name__ == "__main__":
    main()
