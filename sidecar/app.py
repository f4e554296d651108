"""The web application: deliveries and callbacks in, health out, pages for people."""

import random
import secrets
from collections.abc import Callable

from flask import Flask
from sqlalchemy import Connection
from werkzeug.middleware.proxy_fix import ProxyFix

from sidecar.domain.ids import in_sequence, new_id
from sidecar.storage import accounts, shops
from sidecar.storage.group_commit import GroupCommit
from sidecar.storage.vault import Vault
from sidecar.web import admin, api, callbacks, health, hooks, named, people, problems, short, way_out
from sidecar.web.admin.desk import AdminDesk
from sidecar.web.admin.session import Door
from sidecar.web.api.parts import ShopApi
from sidecar.web.opens import OpenTally
from sidecar.web.parts import WebParts
from sidecar.web.remembered import Remembered
from sidecar.web.short import ShortLinks
from sidecar.web.tally import FeedTally
from sidecar.wiring import Recado, utc_now

MAX_BODY = 1024 * 1024


def create_app(recado: Recado) -> Flask:
    """Starts threads, so call it in the process that serves; `recado.close` stops them."""
    app = Flask("sidecar.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    believe_proxies(app, recado.settings.proxies)
    parts = _parts(recado)
    problems.install(app)
    named.install(app)
    app.register_blueprint(hooks.blueprint(parts))
    app.register_blueprint(callbacks.blueprint(parts))
    app.register_blueprint(health.blueprint(recado.database, utc_now))
    app.register_blueprint(api.blueprint(shop_api(recado)))
    app.register_blueprint(people.blueprint(recado.alerts))
    app.register_blueprint(way_out.blueprint(recado.way_out))
    app.register_blueprint(short.blueprint(_short_links(recado)))
    admin.install(app, admin_desk(recado))
    return app


def create_watch_app(recado: Recado) -> Flask:
    """What a worker answers to whoever watches it."""
    app = Flask("sidecar.web", static_folder=None)
    problems.install(app)
    app.register_blueprint(health.blueprint(recado.database, utc_now))
    return app


def believe_proxies(app: Flask, count: int) -> None:
    """The address of who asks is the one that our own proxies tell; what strangers write before it is not believed."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _short_links(recado: Recado) -> ShortLinks:
    tally = OpenTally(recado.database, utc_now)
    _start(recado, tally)
    return ShortLinks(recado.database, tally, recado.stationery.way_out, utc_now)


def shop_api(recado: Recado) -> ShopApi:
    return ShopApi(
        recado.database,
        recado.intake,
        recado.settings.public_url,
        utc_now,
        alerts=recado.alerts,
        crediting=recado.crediting,
        privacy=recado.privacy,
        agreements=recado.agreements,
        codes=recado.codes,
        approval=recado.approval,
        events_secret=_remembered(recado, shops.events_secret),
        sending=recado.settings.switch.position,
        addresses=recado.settings.api_addresses,
    )


def admin_desk(recado: Recado) -> AdminDesk:
    settings = recado.settings
    door = Door(settings.secret_keys[0], settings.admin_password, settings.public_url, utc_now, recado.users)
    return AdminDesk(
        recado.database,
        door,
        recado.users,
        recado.vault,
        recado.intake,
        recado.handling,
        recado.opening,
        recado.alerts,
        recado.agreements,
        recado.crediting,
        recado.privacy,
        recado.approval,
        recado.tryouts,
        recado.providers,
        settings.switch.position,
        settings.public_url,
        utc_now,
        in_sequence(random.getrandbits),
        Remembered(lambda _: _common_zone(recado)),
        settings.admin_addresses,
    )


def _common_zone(recado: Recado) -> str:
    with recado.database.read() as connection:
        return shops.common_zone(connection) or "UTC"


def _parts(recado: Recado) -> WebParts:
    bits = in_sequence(secrets.randbits)
    writer, tally = recado.writer, FeedTally(recado.database, utc_now)
    _start(recado, writer, tally)
    return WebParts(
        writer=writer,
        tally=tally,
        counters=recado.counters,
        clock=utc_now,
        new_id=lambda prefix, now: new_id(prefix, now, bits),
        webhook_secret=_remembered(recado, shops.webhook_secret),
        events_secret=_remembered(recado, shops.events_secret),
        callback_token=_remembered(recado, accounts.token),
        provider_of=recado.providers,
        public_url=recado.settings.public_url,
    )


def _start(recado: Recado, *threads: FeedTally | OpenTally | GroupCommit) -> None:
    for thread in threads:
        thread.start()
        recado.closing.callback(thread.stop)


def _remembered(recado: Recado, load: Callable[[Connection, Vault, str], str | None]) -> Remembered[str]:
    def from_database(key: str) -> str | None:
        with recado.database.read() as connection:
            return load(connection, recado.vault, key)

    return Remembered(from_database)
