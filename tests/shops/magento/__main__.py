"""Keep a store running, to look at and to develop against: `python -m tests.shops.magento FOLDER`."""

import json
import signal
import sys
from pathlib import Path
from threading import Event

from ..servers import CannotServe
from .store import Store


def main() -> None:
    """Until Ctrl-C or SIGTERM."""
    store, stopped = Store(Path(sys.argv[1])), Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if reason := store.missing():
        sys.exit(reason)
    try:
        store.start()
        store.keep()
        admin = {"url": f"{store.url}/admin", "user": store.ADMIN, "password": store.PASSWORD}
        print(json.dumps({"url": store.url, "admin": admin}, indent=2), flush=True)
        stopped.wait()
    except CannotServe as reason:
        sys.exit(str(reason))
    finally:
        store.stop()


if __name__ == "__main__":
    main()
