"""What people told a shop while it could not tell us at once: taken in from the inbox as the API would have done."""

from sqlalchemy import Connection

from sidecar.alerts.requests import AlertRefused, Alerts
from sidecar.consent.agreeing import Agreements, agreement
from sidecar.domain.reading import Unreadable
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.domain.spoken import EndedAlert, NewAlert, Spoken


class Hearing:
    def __init__(self, alerts: Alerts, agreements: Agreements) -> None:
        self._alerts = alerts
        self._agreements = agreements

    def hear(self, connection: Connection, shop: Shop, told: Spoken) -> str:
        """In a few words what became of it. Raises `Unreadable` for what the API would refuse."""
        try:
            if isinstance(told, NewAlert):
                return f"alert {self._alerts.ask_within(connection, shop, told).state}"
            if isinstance(told, EndedAlert):
                return f"alert {self._alerts.end_within(connection, shop, told.id).state}"
            return f"consent {self._agreements.say_within(connection, shop, agreement(told))}"
        except AlertRefused as refused:
            raise Unreadable(refused.code, "The wish to be told of a product cannot be kept.") from None
        except Refused as refused:
            raise Unreadable(refused.code, str(refused)) from None
