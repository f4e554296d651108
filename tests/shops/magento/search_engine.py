"""The few answers Magento wants of a search engine before it agrees to be installed. It finds nothing."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

NO_HITS = {"took": 0, "timed_out": False, "hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}}
PERCENTAGES = {"aggregations": {}}
INFO = {"name": "stub", "cluster_name": "stub", "version": {"number": "2.19.0", "distribution": "opensearch"}}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    indices: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        if self.path == "/":
            return self._answer(INFO)
        if "_search" in self.path or "_count" in self.path:
            return self._answer({**NO_HITS, **PERCENTAGES})
        if self.path.startswith("/_cluster"):
            return self._answer({"status": "green"})
        if "_alias" in self.path or "_mapping" in self.path:
            return self._answer({})
        return self._answer({})

    def do_HEAD(self) -> None:
        known = self.path == "/" or self.path.strip("/") in self.indices
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self) -> None:
        self.indices.add(self.path.strip("/").split("/")[0])
        self._answer({"acknowledged": True})

    def do_DELETE(self) -> None:
        self.indices.discard(self.path.strip("/"))
        self._answer({"acknowledged": True})

    def do_POST(self) -> None:
        if "_bulk" in self.path:
            return self._answer({"took": 0, "errors": False, "items": []})
        if "_search" in self.path:
            return self._answer({**NO_HITS, **PERCENTAGES})
        return self._answer({"acknowledged": True})

    def _answer(self, body: dict[str, Any]) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
