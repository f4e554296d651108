"""The sidecar that belongs to a shop: a real one on the simulator."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.acceptance.processes import Sidecar, wait_until
from tests.bench import procs

# A machine on which other tests run takes its time.
_PATIENCE = 120.0


def _nothing() -> None:
    """What goes on while one waits."""


class SidecarOfShop:
    """`made` is what `recado shop add` printed; `process` is `recado serve` while it runs."""

    def __init__(self, folder: Path, platform: str, **flags: str) -> None:
        self.installation = Sidecar(folder, SHOP_NETWORKS="127.0.0.0/8")
        self.made = self.installation.open_shop(platform, **flags)
        self.installation.route_by("simulator", self.made["shop_id"])
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return self.installation.url

    def start(self) -> None:
        self.process = self.installation.start("serve")
        procs.wait_ready(f"{self.url}/readyz", _PATIENCE, self.process)

    def stop(self) -> None:
        if self.process:
            procs.stop(self.process, 30)

    def kill(self) -> None:
        """As the machine's own end would."""
        if self.process:
            procs.kill(self.process)

    def messages(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return self.installation.messages()[::-1]

    def ask_shop(self, shop_id: str) -> None:
        """Now; its own worker may be at it just then."""
        wait_until(lambda: self.installation.command("poll", shop_id).exit_code == 0, 60, 0.5)

    def told(self, order_id: int, count: int, meanwhile: Callable[[], None] = _nothing) -> list[tuple[str, str]]:
        """Template and state of an order's messages once there are so many and each has its receipt."""

        def messages() -> list[tuple[str, str]]:
            meanwhile()
            found = [(m["template"], m["status"]) for m in self.messages() if m["order_id"] == str(order_id)]
            return found if len(found) >= count and all(state == "delivered" for _, state in found) else []

        return wait_until(messages, _PATIENCE, pause=0.2)

    def last_to(self, number: str) -> str:
        """The newest text to a number, once it has arrived."""

        def text() -> str:
            found = [m for m in self.messages() if m["to"] == number]
            return found[-1]["text"] if found and found[-1]["status"] == "delivered" else ""

        return wait_until(text, _PATIENCE, pause=0.2)
