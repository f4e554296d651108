"""For whoever watches: does the process live, can it work, what does it count."""

from datetime import timedelta
from time import monotonic

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from sidecar.intake.spine import Clock
from sidecar.ledger import reports
from sidecar.storage.database import Database
from sidecar.web.problems import Problem

WORKER_SILENCE = timedelta(seconds=15)


def blueprint(database: Database, clock: Clock) -> Blueprint:
    bp = Blueprint("health", __name__)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(DatabaseGauges(database, clock))

    @bp.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @bp.get("/readyz")
    def readyz() -> Response:
        try:
            with database.read() as connection:
                beat = reports.last_beat(connection)
        except SQLAlchemyError:
            raise Problem(503, "database_down", "The database does not answer: see `recado doctor`.") from None
        if beat is None or clock() - beat > WORKER_SILENCE:
            raise Problem(503, "worker_silent", "No worker has given a sign of life: start `recado worker`.")
        return jsonify(status="ready")

    @bp.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return bp


class DatabaseGauges:
    """Counts that only the database knows, asked for at most every ten seconds."""

    MAX_AGE = 10.0

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._read_at = float("-inf")
        self._families: list[GaugeMetricFamily] = []

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        """Without the database, what this machine has counted is still told: these are left out."""
        if monotonic() - self._read_at > self.MAX_AGE:
            try:
                with self._database.read() as connection:
                    self._families = _families(reports.gauges(connection, self._clock()))
            except SQLAlchemyError:
                return []
            self._read_at = monotonic()
        return self._families


def _families(gauges: reports.Gauges) -> list[GaugeMetricFamily]:
    return [*_of_messages(gauges), *_of_accounts(gauges), *_of_shops(gauges)]


def _of_messages(gauges: reports.Gauges) -> list[GaugeMetricFamily]:
    messages = GaugeMetricFamily("recado_messages", "Messages by state.", labels=["state"])
    for state, count in gauges.messages.items():
        messages.add_metric([state], count)
    inbox = GaugeMetricFamily("recado_inbox", "Deliveries by state.", labels=["state"])
    for state, count in gauges.inbox.items():
        inbox.add_metric([state], count)
    age = GaugeMetricFamily("recado_queue_age_seconds", "Age of the oldest message that is due and waits.")
    age.add_metric([], gauges.queue_age_seconds)
    return [messages, inbox, age]


def _of_accounts(gauges: reports.Gauges) -> list[GaugeMetricFamily]:
    problems = GaugeMetricFamily("recado_account_problem", "1 while a provider refuses an account.", labels=["account"])
    for name, problem in gauges.account_problems.items():
        problems.add_metric([name], 1.0 if problem else 0.0)
    balances = GaugeMetricFamily(
        "recado_account_balance", "Credit left at a provider, as it last told.", labels=["account", "unit"]
    )
    falling = GaugeMetricFamily(
        "recado_account_low", "1 while an account has less credit than you are to be warned of.", labels=["account"]
    )
    for account in gauges.account_balances:
        balances.add_metric([account.name, account.balance_unit], float(account.balance or 0))
        falling.add_metric([account.name], 1.0 if account.is_low else 0.0)
    return [problems, balances, falling]


def _of_shops(gauges: reports.Gauges) -> list[GaugeMetricFamily]:
    low = GaugeMetricFamily("recado_shops_low_on_credit", "Shops that prepay and have little left.")
    low.add_metric([], gauges.shops_low_on_credit)
    unpaid = GaugeMetricFamily("recado_unpaid_messages", "Messages that wait for credit.")
    unpaid.add_metric([], gauges.unpaid)
    return [low, unpaid]
