"""One process's parts, each made when first asked for."""

import random
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from weakref import finalize

from sqlalchemy import Connection

from connectors.reading import carriers
from sidecar.alerts.codes import AlertCodes
from sidecar.alerts.requests import Alerts
from sidecar.alerts.waves import Waves
from sidecar.callbacks.replies import Replies, asker
from sidecar.callbacks.station import CallbackStation
from sidecar.codes import Codes
from sidecar.consent.agreeing import Agreements
from sidecar.consent.optouts import OptOuts
from sidecar.consent.wayout import WAY_OUT, WayOut
from sidecar.dispatch.hours import SendingHours
from sidecar.dispatch.otherway import OtherWay
from sidecar.domain.ids import RandomBits, in_sequence
from sidecar.domain.shop import Shop
from sidecar.hearing import Hearing
from sidecar.intake.desk import Stationery
from sidecar.intake.handling import Handling
from sidecar.intake.linking import Linking
from sidecar.intake.reception import Reception
from sidecar.intake.spine import Intake
from sidecar.keeping.approval import Approval
from sidecar.keeping.opening import Opening
from sidecar.keeping.privacy import Privacy
from sidecar.keeping.retention import Periods, Retention
from sidecar.keeping.users import Users
from sidecar.links import Links
from sidecar.metrics import Counters
from sidecar.money.crediting import Crediting
from sidecar.policy.calendars import next_working_day
from sidecar.policy.countries import OptIn, rules_for
from sidecar.polling.rounds import Rounds
from sidecar.settings import Settings
from sidecar.storage import fingerprints
from sidecar.storage.consents import Consents
from sidecar.storage.database import Database
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.group_commit import GroupCommit
from sidecar.storage.messages import Messages
from sidecar.storage.vault import Vault
from sidecar.tryout.tryouts import TryOuts
from sidecar.wiring.backoffices import BackOffices
from sidecar.wiring.history import History
from sidecar.wiring.providers import ProviderPool
from sidecar.wiring.reaching import Reach
from sidecar.wiring.readers import READERS


def utc_now() -> datetime:
    return datetime.now(UTC)


def wants_double_opt_in(country: str) -> bool:
    return rules_for(country).opt_in is OptIn.DOUBLE


@dataclass(frozen=True)
class Recado:
    """One process's parts, each made when first asked for."""

    settings: Settings

    @cached_property
    def bits(self) -> RandomBits:
        """What ids are made of."""
        return in_sequence(random.getrandbits)

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
        return Consents(self.fingerprints, self.bits)

    @cached_property
    def links(self) -> Links:
        return Links(self.fingerprints, self.settings.public_url)

    @cached_property
    def alerts(self) -> Alerts:
        codes = AlertCodes(self.fingerprints, self.bits, secrets.randbelow, utc_now)
        return Alerts(self.database, self.messages, self.stationery, codes, self.links, utc_now)

    @cached_property
    def waves(self) -> Waves:
        return Waves(self.database, self.messages, self.stationery, self.links, utc_now)

    @cached_property
    def approval(self) -> Approval:
        return Approval(self.database, self.bits, utc_now)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self.database, self.messages, self.stationery, self.fingerprints, secrets.randbelow, utc_now)

    @cached_property
    def optouts(self) -> OptOuts:
        return OptOuts(self.messages, self.consents)

    @cached_property
    def stationery(self) -> Stationery:
        def way_out(message_id: str) -> str:
            return self.links.to(WAY_OUT, message_id)

        switch, carrier_of = self.settings.switch, self.providers.carrier_of
        return Stationery(self.consents, self.vault, self.bits, switch, carrier_of, way_out, self.linking)

    @cached_property
    def linking(self) -> Linking:
        return Linking(self.settings.public_url, carriers.hosts(), self.fingerprints.of)

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
    def handling(self) -> Handling:
        return Handling(self.messages, self.stationery, utc_now)

    @cached_property
    def users(self) -> Users:
        return Users(self.database, self.vault, utc_now, in_sequence(random.getrandbits))

    @cached_property
    def opening(self) -> Opening:
        def enrol(connection: Connection, shop: Shop, has_keys: bool) -> None:
            self.rounds.enrol(connection, shop, has_keys=has_keys)

        return Opening(self.database, self.vault, utc_now, self.back_offices.about, enrol)

    @cached_property
    def crediting(self) -> Crediting:
        return Crediting(
            self.database,
            self.messages,
            utc_now,
            self.bits,
            next_working_day,
            self.hours,
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
    def providers(self) -> ProviderPool:
        return ProviderPool(self.database, self.vault, self.settings, utc_now)

    @cached_property
    def back_offices(self) -> BackOffices:
        settings = self.settings
        reach = Reach(self.database, self.vault, settings.shop_networks, settings.public_url, utc_now)
        return BackOffices(reach)

    @cached_property
    def rounds(self) -> Rounds:
        errands, threads = self.back_offices.errands(), self.settings.shop_threads
        return Rounds(self.database, errands, utc_now, random.random, self.bits, threads)

    @cached_property
    def tryouts(self) -> TryOuts:
        return TryOuts(self.database, self.stationery, History(self.back_offices), utc_now)

    @cached_property
    def hours(self) -> SendingHours:
        return SendingHours(self.database)

    @cached_property
    def reception(self) -> Reception:
        return Reception(self.database, self.intake, READERS, self.hearing.hear, utc_now)

    @cached_property
    def callbacks(self) -> CallbackStation:
        return CallbackStation(
            self.database,
            self.messages,
            self.optouts,
            self.replies,
            OtherWay(self.messages, self.bits),
            self.providers,
            utc_now,
            self.bits,
        )

    @cached_property
    def closing(self) -> ExitStack:
        """What else is to be stopped in the end, and that is when the process ends, at the latest."""
        stack = ExitStack()
        finalize(self, stack.close)
        return stack

    def close(self) -> None:
        self.closing.close()
        self.rounds.stop()
        self.providers.close()
        self.database.close()
