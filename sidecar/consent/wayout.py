"""The way out that a text carries: a link which is the right to end the texts, and good for nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sidecar.consent.optouts import EVERY_PURPOSE, OptOuts, Said
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.shop import Shop
from sidecar.links import Links
from sidecar.storage import shops
from sidecar.storage.consents import Consents
from sidecar.storage.database import Database
from sidecar.storage.waiting import told_to

WAY_OUT = "o"


@dataclass(frozen=True, slots=True)
class Leaver:
    """Whose text carried the link: `advertised` where that was advertising."""

    shop: Shop
    number: str
    message_id: str
    locale: str
    advertised: bool


class WayOut:
    def __init__(
        self, database: Database, links: Links, optouts: OptOuts, consents: Consents, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._links = links
        self._optouts = optouts
        self._consents = consents
        self._clock = clock

    def of(self, token: str) -> Leaver | None:
        message_id = self._links.read(WAY_OUT, "msg", token)
        if message_id is None:
            return None
        with self._database.read() as connection:
            told = told_to(connection, message_id)
            shop = shops.find(connection, told.shop_id) if told else None
        if told is None or shop is None or not told.to:
            return None
        return Leaver(shop, told.to, message_id, told.locale or shop.settings.locale, told.category == "marketing")

    def leave(self, leaver: Leaver, advertising_only: bool, ip: str) -> None:
        """However often the button is pressed, it is kept once."""
        purposes = {Purpose.MARKETING} if advertising_only else EVERY_PURPOSE
        person = leaver.shop.id, leaver.number
        said = Said("link", locale=leaver.locale, ip=ip, evidence=leaver.message_id)
        with self._database.write() as connection:
            standing = self._consents.standings(connection, [person]).get(person, {})
            if any(standing.get(purpose) is not Standing.OUT for purpose in purposes):
                self._optouts.leave(connection, person, said, self._clock(), purposes)
