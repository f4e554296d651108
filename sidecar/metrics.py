"""What Prometheus may ask. Counters are shared between the processes of one machine through files."""

from collections.abc import MutableMapping
from pathlib import Path

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def choose_folder(environ: MutableMapping[str, str]) -> None:
    """Must run before prometheus_client is imported: it decides then whether counters are shared."""
    environ.setdefault(_VARIABLE, str(Path(environ.get("RECADO_DATA_DIR") or "./data").absolute() / "metrics"))


def prepare_folder(environ: MutableMapping[str, str], fresh: bool = False) -> None:
    """`fresh` forgets the counts of earlier runs."""
    folder = Path(environ[_VARIABLE])
    folder.mkdir(parents=True, exist_ok=True)
    if fresh:
        for counts in folder.glob("*.db"):
            counts.unlink(missing_ok=True)


class Counters:
    """`deliveries` by shop platform and answer, `sends` by provider kind and outcome, with their seconds."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415 (see choose_folder)

        registry = CollectorRegistry()
        self.deliveries = Counter(
            "recado_deliveries", "Deliveries from shops, by answer.", ["source", "answer"], registry=registry
        )
        self.callbacks = Counter(
            "recado_callbacks", "Callbacks from providers, by answer.", ["provider", "answer"], registry=registry
        )
        self.sends = Histogram(
            "recado_send_seconds",
            "Sends by provider and outcome, in seconds.",
            ["provider", "outcome"],
            buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=registry,
        )

    def observe_send(self, kind: str, outcome: str, seconds: float) -> None:
        self.sends.labels(kind, outcome).observe(seconds)
