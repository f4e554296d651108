"""The checks behind `recado doctor`: each says what it found, and what to do where it is not good."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

import requests
from sqlalchemy.exc import SQLAlchemyError

from connectors.woocommerce.deliverable import objection
from sidecar.catalog.reasons import sentence
from sidecar.codes import Overview
from sidecar.domain.capabilities import SMS
from sidecar.domain.mode import Mode
from sidecar.domain.shop import Platform, Shop
from sidecar.ledger import alerts, reports
from sidecar.money.purses import prepays
from sidecar.policy.modes import alerts_pause
from sidecar.policy.senders import sender_for
from sidecar.policy.switch import Sending
from sidecar.providers.base import CheckFailed
from sidecar.storage import accounts, polls, shops
from sidecar.storage.accounts import Account
from sidecar.storage.routes import routes_of
from sidecar.storage.types import AnyRow
from sidecar.storage.vault import SealBroken
from sidecar.storage.workers import DEAD_AFTER
from sidecar.wiring import Recado, utc_now

CLOCK_TOLERANCE_SECONDS = 30.0
TIMEOUT_SECONDS = 5.0
LONG_FAILING = 2


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    level: Level
    words: str
    advice: str = ""


def examine(recado: Recado) -> list[Finding]:
    """Run every check; one that breaks is a finding of its own."""
    checks: tuple[Callable[[Recado], Iterator[Finding]], ...] = (
        _switch,
        _database,
        _worker,
        _inbox,
        _public_url,
        _accounts,
        _shops,
        _asked,
        _credit,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check(recado)
        except Exception as error:
            name = check.__name__.strip("_").replace("_", " ")
            findings.append(Finding(name, Level.BAD, f"could not be checked ({type(error).__name__}).", "See the log."))
    return findings


def _switch(recado: Recado) -> Iterator[Finding]:
    position = recado.settings.switch.position
    if position is Sending.LIVE:
        yield Finding("sending", Level.GOOD, "live: texts go to customers.")
    else:
        advice = "Set RECADO_SENDING=live when you are ready to text customers."
        yield Finding(
            "sending", Level.WARNING, f"{position.value}: only the simulator and what it allows is sent.", advice
        )


def _database(recado: Recado) -> Iterator[Finding]:
    kind = "SQLite" if recado.database.is_sqlite else "PostgreSQL"
    try:
        with recado.database.write() as connection:
            connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as error:
        yield Finding(
            "database", Level.BAD, f"{kind} takes no writes ({type(error).__name__}).", "Check disk and rights."
        )
        return
    yield Finding("database", Level.GOOD, f"{kind}, up to date, takes writes.")


def _worker(recado: Recado) -> Iterator[Finding]:
    with recado.database.read() as connection:
        beat = reports.last_beat(connection)
        queue_age = reports.gauges(connection, utc_now()).queue_age_seconds
    if beat is None or utc_now() - beat > DEAD_AFTER:
        yield Finding("worker", Level.BAD, "no sign of life.", "Start `recado serve` or `recado worker`.")
    elif queue_age > TIMEOUT_SECONDS * 12:
        words = f"alive, but a message has been due for {queue_age:.0f} s."
        yield Finding("worker", Level.WARNING, words, "Look at the accounts below: is a provider down?")
    else:
        yield Finding("worker", Level.GOOD, "alive, nothing is overdue.")


def _inbox(recado: Recado) -> Iterator[Finding]:
    with recado.database.read() as connection:
        deliveries, callbacks = reports.failed_counts(connection)
    if deliveries:
        advice = "See `recado inbox --failed`; after mending, `recado inbox replay --failed`."
        words = f"{_many(deliveries, 'delivery', 'deliveries')} could not be understood."
        yield Finding("inbox", Level.WARNING, words, advice)
    if callbacks:
        words = f"{_many(callbacks, 'callback', 'callbacks')} of providers could not be read."
        yield Finding("callbacks", Level.WARNING, words, "See the log.")
    if not deliveries and not callbacks:
        yield Finding("inbox", Level.GOOD, "everything delivered was understood.")


def _public_url(recado: Recado) -> Iterator[Finding]:
    """Also compares clocks: the answer's date was written by whoever answers under that address."""
    url = recado.settings.public_url
    try:
        answer = requests.get(f"{url}/healthz", timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        advice = "Start `recado serve`; behind a proxy, set RECADO_PUBLIC_URL to the address it serves."
        yield Finding("public address", Level.BAD, f"{url} does not answer ({type(error).__name__}).", advice)
        return
    if answer.status_code != requests.codes.ok:
        advice = "Let the proxy pass /hooks, /callbacks and /healthz on unchanged, without redirects."
        yield Finding("public address", Level.BAD, f"{url}/healthz answers {answer.status_code}.", advice)
    elif refusal := objection(url, ""):
        advice = "Providers refuse such addresses too: set RECADO_PUBLIC_URL to a public https address."
        yield Finding("public address", Level.WARNING, f"{url} answers here. {refusal}", advice)
    else:
        yield Finding("public address", Level.GOOD, f"{url} answers.")
    yield from _clock(answer.headers.get("Date", ""))


def _clock(date: str) -> Iterator[Finding]:
    try:
        off = abs((utc_now() - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError):
        return
    if off > CLOCK_TOLERANCE_SECONDS:
        advice = "Have both machines keep time by NTP: signatures and sending hours depend on it."
        yield Finding("clock", Level.BAD, f"{off:.0f} s apart from the server at the public address.", advice)
    else:
        yield Finding("clock", Level.GOOD, f"{utc_now():%Y-%m-%d %H:%M:%S} UTC, as at the public address.")


def _accounts(recado: Recado) -> Iterator[Finding]:
    with recado.database.read() as connection:
        every = accounts.every(connection)
    if not every:
        yield Finding("providers", Level.BAD, "no account yet.", "Add one: `recado provider add --help`.")
    for account in every:
        name = f"provider {account.name}"
        try:
            told = recado.providers(account.id).check_account()
        except SealBroken as problem:
            yield Finding(name, Level.BAD, str(problem), "Bring the key back, or add the account anew.")
            continue
        except CheckFailed as problem:
            yield Finding(name, Level.BAD, str(problem), "Check the credentials; add the account anew if they changed.")
            continue
        words = f" answers, {told}" if told else ", credentials not checkable without sending"
        yield Finding(name, Level.GOOD, f"{account.kind}{words}.")
        if account.is_low:
            left = f"{account.balance:f} {account.balance_unit}" if account.balance is not None else ""
            words = f"low on credit: {left}, of which you are to be warned below {account.low_balance:f}."
            yield Finding(name, Level.WARNING, words, "Top it up at the provider.")
        if account.problem:
            advice = "It is tried again every minute; top up or mend the account at the provider."
            yield Finding(name, Level.WARNING, f"lately refused messages: {account.problem}.", advice)


def _shops(recado: Recado) -> Iterator[Finding]:
    with recado.database.read() as connection:
        every = shops.every(connection)
        routes = routes_of(connection, {shop.id for shop in every})
        feeds = {shop.id: reports.feeds_of(connection, shop.id) for shop in every}
        waiting = {shop.id: alerts.waiting(connection, shop.id) for shop in every if shop.settings.mode.sends_alerts}
    if not every:
        yield Finding("shops", Level.WARNING, "none yet.", "Add one: `recado shop add --help`.")
    for shop in every:
        name, route = f"shop {shop.name}", routes.accounts_for(shop.id)
        if not route:
            yield Finding(name, Level.BAD, "has no route.", f'`recado provider route "{shop.name}" ACCOUNT`.')
        elif shop.settings.mode is Mode.DISABLED:
            yield Finding(name, Level.WARNING, "mode 0: sends nothing.", f'`recado shop set "{shop.name}" --mode 3`.')
        elif shop.platform is Platform.WOOCOMMERCE and not feeds[shop.id]:
            yield Finding(name, Level.WARNING, "nothing delivered yet.", "Make its webhooks, as the README shows.")
        else:
            words = f"mode {int(shop.settings.mode)}, {_many(len(route), 'account', 'accounts')}."
            yield Finding(name, Level.GOOD, words)
        yield from _place(name, shop)
        yield from _senders(recado, name, shop, route)
        yield from _alerts(name, shop, waiting.get(shop.id, 0))
        yield from _codes(name, shop, recado.codes.overview(shop))
        for feed in feeds[shop.id]:
            if feed.last_refused_at and (not feed.last_accepted_at or feed.last_refused_at > feed.last_accepted_at):
                words = f"its last delivery was refused ({feed.last_problem}, {feed.refused} in all)."
                yield Finding(name, Level.BAD, words, "Compare the webhook's secret with the shop's.")


def _place(name: str, shop: Shop) -> Iterator[Finding]:
    """A shop that is asked by its keys tells its country itself."""
    if not shop.settings.country and shop.settings.mode is not Mode.DISABLED:
        words = "has no country: a number without +55 or the like is understood only where its order names one."
        yield Finding(name, Level.WARNING, words, f'`recado shop set "{shop.name}" --country BR`, or where it is.')


def _senders(recado: Recado, name: str, shop: Shop, route: Sequence[Account]) -> Iterator[Finding]:
    """Whether the route can carry texts to the shop's own country, by its senders."""
    country = shop.settings.country
    for account in route if country else ():
        carrier = recado.providers.carrier_of(account)
        reason = sender_for(carrier, account.senders, country)
        if account.channel == SMS and carrier.reaches_people and isinstance(reason, str):
            words = f"{account.name} cannot send to {country}. {sentence(reason, 'en')}"
            advice = f"`recado provider set {account.name} --sender {country}=SENDER`."
            yield Finding(name, Level.WARNING, words, advice)


def _asked(recado: Recado) -> Iterator[Finding]:
    """What we ask of shops, and what their own feeds tell."""
    with recado.database.read() as connection:
        every = {shop.id: shop for shop in shops.every(connection)}
        rows = polls.of_shops(connection, every.keys())
        errors = reports.shop_errors(connection)
    for row in (row for row in rows if row.problem):
        level = Level.BAD if row.failures > LONG_FAILING else Level.WARNING
        yield Finding(f"shop {every[row.shop_id].name}", level, f"{row.errand}: {row.detail}", _since(row))
    for row in (row for row in rows if row.memory.get("revived_at")):
        words = f"had switched off its webhooks {', '.join(row.memory['revived'])} on {row.memory['revived_at'][:16]}."
        advice = "They are on again; look why deliveries failed: was the sidecar down, or does a proxy refuse them?"
        yield Finding(f"shop {every[row.shop_id].name}", Level.WARNING, words, advice)
    for shop_id in errors:
        words = "its webhooks delivered errors in place of orders: their owner had lost the right to see them."
        advice = "Delete the webhooks in the shop; they are made anew with its keys within ten minutes."
        yield Finding(f"shop {every[shop_id].name}", Level.WARNING, words, advice)


def _since(row: AnyRow) -> str:
    good = f"last good at {row.good_at:%Y-%m-%d %H:%M} UTC" if row.good_at else "never good yet"
    return f"{_many(row.failures, 'time', 'times in a row')}, {good}; tried again at {row.due_at:%H:%M} UTC."


def _alerts(name: str, shop: Shop, waiting: int) -> Iterator[Finding]:
    """A shop may switch off what its mode needs; the mode stays."""
    settings = shop.settings
    if pause := alerts_pause(settings.mode, settings.stock_managed, settings.alerts_enabled):
        advice = "Switch that on in the shop again, or choose a mode from 0 to 3."
        yield Finding(name, Level.WARNING, f"{pause} {waiting} wait.", advice)


def _codes(name: str, shop: Shop, codes: Overview) -> Iterator[Finding]:
    for prefix, sample in codes.stopped.items():
        words = f"codes to {prefix}… are stopped: of the last {sample.sent} only {sample.confirmed} came back."
        advice = (
            "Look for a robot at the checkout. They go out again a day after the last of these, or at once by "
            f'`recado codes lift "{shop.name}" {prefix}`.'
        )
        yield Finding(name, Level.WARNING, words, advice)
    if codes.sent >= codes.limit:
        words = f"{codes.sent} codes in the last hour, as many as its limit allows."
        yield Finding(name, Level.WARNING, words, "If customers ask for that many, raise code_limit_per_hour.")


def _credit(recado: Recado) -> Iterator[Finding]:
    with recado.database.read() as connection:
        prepaying = [shop for shop in shops.every(connection) if prepays(shop)]
    for shop in prepaying:
        told, name = recado.crediting.balance(shop), f"credit {shop.name}"
        words = f"{told.balance} credits."
        advice = f'`recado credit buy "{shop.name}" CREDITS` when it has bought more.'
        if told.waiting:
            yield Finding(name, Level.BAD, f"{words[:-1]}, and {told.waiting} messages wait for more.", advice)
        else:
            yield Finding(name, Level.WARNING if told.low else Level.GOOD, words, advice if told.low else "")


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
