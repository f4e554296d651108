"""The web application: deliveries and callbacks in, health out, pages for people."""

import atexit
import secrets
from datetime import datetime

from flask import Flask

from sidecar.domain.ids import new_id
from sidecar.storage import accounts, shops
from sidecar.storage.group_commit import GroupCommit
from sidecar.web import admin, api, callbacks, health, hooks, problems
from sidecar.web.admin import AdminDesk
from sidecar.web.admin_session import Door
from sidecar.web.api import ShopApi
from sidecar.web.parts import WebParts
from sidecar.web.remembered import Remembered
from sidecar.web.tally import FeedTally
from sidecar.wiring import Recado, utc_now

MAX_BODY = 1024 * 1024


def create_app(recado: Recado) -> Flask:
    """Starts the writer thread, so call it in the process that serves."""
    app = Flask("sidecar.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    parts = _parts(recado)
    problems.install(app)
    app.register_blueprint(hooks.blueprint(parts))
    app.register_blueprint(callbacks.blueprint(parts))
    app.register_blueprint(health.blueprint(recado.database, utc_now))
    app.register_blueprint(api.blueprint(ShopApi(recado.database, recado.intake, recado.settings.public_url)))
    admin.install(app, _admin_desk(recado))
    return app


def _admin_desk(recado: Recado) -> AdminDesk:
    settings = recado.settings
    door = Door(settings.secret_keys[0], settings.admin_password, settings.public_url, utc_now)
    return AdminDesk(recado.database, door, settings.switch.position, settings.public_url, utc_now)


def _parts(recado: Recado) -> WebParts:
    database, vault = recado.database, recado.vault

    def webhook_secret(shop_id: str) -> str | None:
        with database.read() as connection:
            return shops.webhook_secret(connection, vault, shop_id)

    def events_secret(shop_id: str) -> str | None:
        with database.read() as connection:
            return shops.events_secret(connection, vault, shop_id)

    def callback_token(account_id: str) -> str | None:
        with database.read() as connection:
            return accounts.token(connection, vault, account_id)

    def fresh_id(prefix: str, now: datetime) -> str:
        return new_id(prefix, now, secrets.randbits)

    writer, tally = GroupCommit(database), FeedTally(database, utc_now)
    writer.start()
    tally.start()
    atexit.register(writer.stop)
    atexit.register(tally.stop)
    return WebParts(
        writer=writer,
        tally=tally,
        counters=recado.counters,
        clock=utc_now,
        new_id=fresh_id,
        webhook_secret=Remembered(webhook_secret),
        events_secret=Remembered(events_secret),
        callback_token=Remembered(callback_token),
        provider_of=recado.providers,
        public_url=recado.settings.public_url,
    )
