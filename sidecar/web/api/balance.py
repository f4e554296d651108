"""How the shop pays, and what it has left."""

from typing import Any

from flask import Blueprint, Response

from sidecar.storage import accounts
from sidecar.storage.accounts import Account
from sidecar.storage.personal import own_accounts
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.parts import ShopApi


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/balance")
    def balance() -> Response:
        told = api.crediting.balance(the_shop())
        coming = [{"credits": row.amount, "counts_from": row.counts_from.isoformat()} for row in told.coming]
        known = {"billing": told.billing, "balance": told.balance, "low": told.low, "waiting": told.waiting}
        with api.database.read() as connection:
            own = accounts.several(connection, own_accounts(connection, {the_shop().id}))
        return as_json({**known, "coming": coming, "accounts": [_shown(account) for account in own]})


def _shown(account: Account) -> dict[str, Any]:
    """An account at a provider that no other shop uses."""
    balance = None if account.balance is None else str(account.balance.normalize())
    return {"name": account.name, "balance": balance, "unit": account.balance_unit, "low": account.is_low}
