"""What a person may be texted about, and what they said to it."""

from enum import StrEnum


class Purpose(StrEnum):
    ORDERS = "orders"
    STOCK_ALERTS = "stock_alerts"
    MARKETING = "marketing"


class Standing(StrEnum):
    """`PENDING`: asked for, and not yet confirmed where a country wants it twice."""

    IN = "in"
    OUT = "out"
    PENDING = "pending"
