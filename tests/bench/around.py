"""What stands around a great many messages: who waits for products, who agreed to what, and what was paid for."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, insert, text

from sidecar.storage.tables import consent_log, credit_ledger, credits, stock, stock_alerts

PRODUCTS = 200

_ALERT = {
    "id": "'alt_' || id",
    "product_id": f"CAST(CAST(order_id AS BIGINT) % {PRODUCTS} AS VARCHAR)",
    "variation_id": "''",
    "number": '"to"',
    "customer_id": "''",
    "locale": "'pt_BR'",
    "wording": "'Avise-me'",
    "ip": "'192.0.2.1'",
    "state": "CASE WHEN CAST(order_id AS BIGINT) % 4 = 0 THEN 'ended' ELSE 'texted' END",
    "reason": "''",
    "wave": "1",
    "place": "1",
    "created_at": "created_at",
    "texted_at": "created_at",
    "expires_at": "expires_at",
}
_CONSENT = {
    "id": "'cns_' || substr(id, 5)",
    "number_hash": '"to"',
    "number": '"to"',
    "purpose": "'orders'",
    "standing": "'in'",
    "at": "created_at",
    "source": "'checkout'",
    "wording": "'Quero receber mensagens sobre o meu pedido.'",
}
_CHARGE = {
    "id": "'led_' || substr(id, 5)",
    "kind": "'charge'",
    "amount": "-1",
    "at": "created_at",
    "counts_from": "created_at",
    "counted": "true",
    "message_id": "id",
}


def fill(connection: Connection, shop_id: str) -> None:
    """One of ten messages of this shop brought a consent and a charge, one of a hundred a wish for a product."""
    _products(connection, shop_id)
    _from_messages(connection, stock_alerts, shop_id, "5", _ALERT, "CAST(order_id AS BIGINT) / 1000 % 10 = 5")
    _from_messages(connection, consent_log, shop_id, "3", _CONSENT)
    _from_messages(connection, credit_ledger, shop_id, "9", _CHARGE)
    connection.execute(insert(credits).values(shop_id=shop_id, balance=500))


def _products(connection: Connection, shop_id: str) -> None:
    made = {"shop_id": shop_id, "variation_id": "", "saleable": False, "wave": 0, "drafted": 0}
    names = ({"product_id": str(n), "name": f"Caneca {n}", "url": "https://loja.example"} for n in range(PRODUCTS))
    connection.execute(insert(stock), [{**made, **named} for named in names])


def _from_messages(
    connection: Connection, table: Table, shop_id: str, ending: str, columns: Mapping[str, str], few: str = "1 = 1"
) -> None:
    """From those whose id ends so, where there are `few` of them."""
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        text(
            f"INSERT INTO {table.name} (shop_id, {names}) SELECT shop_id, {', '.join(columns.values())} "
            f"FROM messages WHERE shop_id = :shop AND id LIKE :ending AND {few}"
        ),
        {"shop": shop_id, "ending": f"%{ending}"},
    )
