"""The web application: deliveries and callbacks in, health out, pages for people."""

import atexit
import secrets
from datetime import datetime

from flask import Flask

from sidecar.domain.ids import new_id
from sidecar.storage import accounts, shops
from sidecar.storage.group_commit import GroupCommit
from sidecar.web import callbacks, health, hooks, problems
from sidecar.web.parts import WebParts
from sidecar.web.remembered import Remembered
from sidecar.web.tally import FeedTally
from sidecar.wiring import Recado, utc_now

MAX_BODY = 1024 * 1024


def create_app(recado: Recado) -> Flask:
    """Starts the writer thread, so call it in the process that serves."""
    app = Flask("sidecar.web")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    parts = _parts(recado)
    problems.install(app)
    app.register_blueprint(hooks.blueprint(parts))
    app.register_blueprint(callbacks.blueprint(parts))
    app.register_blueprint(health.blueprint(recado.database, utc_now))
    return app


def _parts(recado: Recado) -> WebParts:
    database, vault = recado.database, recado.vault

    def webhook_secret(shop_id: str) -> str | None:
        with database.read() as connection:
            return shops.webhook_secret(connection, vault, shop_id)

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
        callback_token=Remembered(callback_token),
        provider_of=recado.providers,
        public_url=recado.settings.public_url,
    )
