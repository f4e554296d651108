"""A phone for what only a phone may show: the sidecar keeps no code that it has sent."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.acceptance.processes import Sidecar, wait_until

# Of an account of the kind `http`; `base_url` is the phone's own.
OPTIONS = {
    "format": "json",
    "body": json.dumps({"to": "{to}", "text": "{text}"}),
    "answer": "json",
    "id_at": "id",
}
# A link may have six digits in a row, too.
_CODE = re.compile(r"(?<!\S)\d{6}\b")


class Phone:
    """All numbers on one phone; `url` is the gateway before it."""

    def __init__(self, port: int, texts: list[tuple[str, str]]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._texts = texts
        self._used: set[tuple[str, str]] = set()

    def read(self, number: str) -> str:
        """The newest text to this number."""
        return wait_until(lambda: next(reversed(self._to(number)), ""), 120)

    def code(self, number: str) -> str:
        """The newest one for this number, which it is not told again."""

        def unused() -> list[str]:
            found = [code for text in self._to(number) for code in _CODE.findall(text)]
            return [code for code in found if (number, code) not in self._used]

        code = wait_until(unused, 120)[-1]
        self._used.add((number, code))
        return code

    def _to(self, number: str) -> list[str]:
        return [text for to, text in self._texts if to == number]


@contextmanager
def phone() -> Iterator[Phone]:
    texts: list[tuple[str, str]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            texts.append((told["to"], told["text"]))
            answer = json.dumps({"id": str(len(texts))}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Phone(server.server_port, texts)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def phone_for_codes(installation: Sidecar, shop_id: str) -> Iterator[Phone]:
    """Where a shop's codes arrive; all else goes as before."""
    with phone() as handset:
        options = {**OPTIONS, "base_url": handset.url}
        pairs = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
        name = f"handset {handset.url}"
        installation.json("provider", "add", "http", "--name", name, *pairs)
        installation.json("provider", "route", shop_id, name, "--category", "code")
        yield handset
        installation.json("provider", "route", shop_id, "--category", "code")
