"""The composition root: the only place that knows everyone. Used by app, worker and commands."""

import random
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from connectors.woocommerce.events import read_event
from connectors.woocommerce.normalise import read as read_webhook
from sidecar.alerts.codes import AlertCodes
from sidecar.alerts.lastlook import LastLook
from sidecar.alerts.requests import Alerts
from sidecar.alerts.waves import Waves
from sidecar.callbacks.replies import Replies, asker
from sidecar.callbacks.station import CallbackStation
from sidecar.codes import Codes
from sidecar.consent.agreeing import Agreements
from sidecar.consent.optouts import OptOuts
from sidecar.consent.wayout import WAY_OUT, WayOut
from sidecar.dispatch.chores import Chores
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.failover import Failover
from sidecar.dispatch.hours import SendingHours
from sidecar.dispatch.lookups import LookUps
from sidecar.dispatch.otherway import OtherWay
from sidecar.dispatch.sending import Sender
from sidecar.domain.ids import in_sequence, new_id
from sidecar.domain.shop import Platform
from sidecar.hearing import Hearing
from sidecar.intake.desk import Stationery
from sidecar.intake.reception import Reception
from sidecar.intake.spine import Intake
from sidecar.keeping.approval import Approval
from sidecar.keeping.privacy import Privacy
from sidecar.keeping.retention import Periods, Retention
from sidecar.links import Links
from sidecar.metrics import Counters
from sidecar.money.crediting import Crediting
from sidecar.policy.calendars import next_working_day
from sidecar.policy.countries import OptIn, rules_for
from sidecar.providers import registry
from sidecar.providers.base import AccountContext, Limits, Provider
from sidecar.settings import Settings
from sidecar.storage import accounts, fingerprints
from sidecar.storage.consents import Consents
from sidecar.storage.database import Bell, Database
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.group_commit import GroupCommit
from sidecar.storage.messages import Messages
from sidecar.storage.vault import Vault
from sidecar.worker import Station, Worker

READERS = {
    (Platform.WOOCOMMERCE, "webhook"): read_webhook,
    (Platform.WOOCOMMERCE, "plugin"): read_event,
}


def utc_now() -> datetime:
    return datetime.now(UTC)


def reaches_people(kind: str) -> bool:
    return registry.provider_class(kind).reaches_people


def wants_double_opt_in(country: str) -> bool:
    return rules_for(country).opt_in is OptIn.DOUBLE


@dataclass(frozen=True)
class Recado:
    """One process's parts, each made when first asked for."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def vault(self) -> Vault:
        return Vault(*self.settings.secret_keys)

    @cached_property
    def counters(self) -> Counters:
        return Counters()

    @cached_property
    def writer(self) -> GroupCommit:
        return GroupCommit(self.database)

    @cached_property
    def messages(self) -> Messages:
        return Messages(random.getrandbits)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.messages, utc_now, self.stationery, self.agreements.of_order)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        return fingerprints.kept(self.database, self.vault)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self.fingerprints, in_sequence(random.getrandbits))

    @cached_property
    def links(self) -> Links:
        return Links(self.fingerprints, self.settings.public_url)

    @cached_property
    def alerts(self) -> Alerts:
        codes = AlertCodes(self.fingerprints, in_sequence(random.getrandbits), secrets.randbelow)
        return Alerts(self.database, self.messages, self.stationery, codes, self.links, utc_now)

    @cached_property
    def waves(self) -> Waves:
        return Waves(self.database, self.messages, self.stationery, self.links, utc_now)

    @cached_property
    def approval(self) -> Approval:
        return Approval(self.database, in_sequence(random.getrandbits), utc_now)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self.database, self.messages, self.stationery, self.fingerprints, secrets.randbelow, utc_now)

    @cached_property
    def optouts(self) -> OptOuts:
        return OptOuts(self.messages, self.consents)

    @cached_property
    def stationery(self) -> Stationery:
        bits = in_sequence(random.getrandbits)
        links = self.links
        return Stationery(
            self.consents,
            self.vault,
            bits,
            self.settings.switch,
            reaches_people,
            lambda message_id: links.to(WAY_OUT, message_id),
        )

    @cached_property
    def way_out(self) -> WayOut:
        return WayOut(self.database, self.links, self.optouts, self.consents, utc_now)

    @cached_property
    def agreements(self) -> Agreements:
        return Agreements(self.database, self.messages, self.stationery, self.optouts, wants_double_opt_in, utc_now)

    @cached_property
    def hearing(self) -> Hearing:
        return Hearing(self.alerts, self.agreements)

    @cached_property
    def replies(self) -> Replies:
        return Replies(self.messages, self.stationery, self.optouts, asker(self.providers))

    @cached_property
    def crediting(self) -> Crediting:
        return Crediting(
            self.database,
            self.messages,
            utc_now,
            in_sequence(random.getrandbits),
            next_working_day,
            SendingHours(self.database),
            self.settings.low_credit,
        )

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.database, self.messages, self.consents, utc_now)

    @cached_property
    def retention(self) -> Retention:
        days = (self.settings.keep_texts_days, self.settings.keep_bodies_days, self.settings.keep_codes_days)
        return Retention(self.database, utc_now, Periods(*map(timedelta, days)))

    @cached_property
    def providers(self) -> "ProviderPool":
        return ProviderPool(self.database, self.vault, self.settings)

    def worker(self) -> Worker:
        return _worker(self)

    def close(self) -> None:
        self.providers.close()
        self.database.close()


class ProviderPool:
    """One adapter per account and process, built when first needed, with its connections kept."""

    def __init__(self, database: Database, vault: Vault, settings: Settings) -> None:
        self._database = database
        self._vault = vault
        self._settings = settings
        self._providers: dict[str, Provider] = {}
        self._lock = threading.Lock()

    def __call__(self, account_id: str) -> Provider:
        """The account's adapter. Raises `KeyError` for an unknown account, `SealBroken`, `InvalidOptions`."""
        with self._lock:
            if account_id not in self._providers:
                self._providers[account_id] = self._build(account_id)
            return self._providers[account_id]

    def close(self) -> None:
        for provider in self._providers.values():
            provider.close()

    def _build(self, account_id: str) -> Provider:
        with self._database.read() as connection:
            account = accounts.find(connection, account_id)
            if account is None:
                raise KeyError(account_id)
            options = accounts.options(connection, self._vault, account.id)
            token = accounts.token(connection, self._vault, account.id)
        context = AccountContext(
            account_id=account.id,
            status_url=f"{self._settings.public_url}/callbacks/{account.id}/{token}/status",
            inbound_url=f"{self._settings.public_url}/callbacks/{account.id}/{token}/inbound",
            now=utc_now,
        )
        return registry.build(account.kind, options, context, Limits(pool_size=self._settings.send_threads))


def _worker(recado: Recado) -> Worker:
    database, messages = recado.database, recado.messages
    worker_id = new_id("wrk", utc_now(), secrets.randbits)
    bell = Bell(database)
    reception = Reception(database, recado.intake, READERS, recado.hearing.hear, utc_now)
    optouts = recado.optouts
    bits = in_sequence(random.getrandbits)
    station = CallbackStation(
        database, messages, optouts, recado.replies, OtherWay(messages, bits), recado.providers, utc_now, bits
    )
    sender = Sender(
        utc_now,
        recado.providers,
        recado.settings.switch.objection,
        _observer(recado),
        recado.vault.open,
        SendingHours(database),
        LastLook(database),
    )
    threads, after = recado.settings.send_threads, optouts.after_sends
    dispatcher = Dispatcher(database, messages, sender, random.random, after, worker_id=worker_id, threads=threads)
    look_ups = LookUps(database, messages, recado.providers, utc_now, recado.vault.open)
    failover = Failover(database, messages, utc_now)
    chores = Chores(database, messages, utc_now, worker_id)
    return Worker(
        bell,
        [Station("inbox", reception.work, bell), Station("callbacks", station.work, bell)],
        dispatcher,
        [
            *chores.timetable(),
            *recado.waves.timetable(),
            (1.0, look_ups.work),
            (2.0, station.match_again),
            (1.0, failover.sweep),
            (60.0, failover.measure),
            *recado.crediting.timetable(),
            *recado.retention.timetable(),
        ],
        chores,
    )


def _observer(recado: Recado) -> Callable[[str, str, float], None]:
    def observe(kind: str, outcome: str, seconds: float) -> None:
        recado.counters.sends.labels(kind, outcome).observe(seconds)

    return observe
