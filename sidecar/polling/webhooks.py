"""The shop's own webhooks, kept awake. What they missed needs no catching up: orders are asked for all the while."""

import structlog

from sidecar.domain.backoffice import KeepsWebhooks, ShopProblem
from sidecar.polling.visit import OpenOffice, Visit

log = structlog.get_logger()


class WebhookRound:
    every = 600.0
    needs_keys = True

    def __init__(self, office_of: OpenOffice[KeepsWebhooks]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        with self._office_of(visit.shop) as office:
            kept = office.keep(products=visit.shop.settings.mode.sends_alerts)
        if kept.made:
            visit.remember(made=sorted({*visit.memory.get("made", []), *kept.made}))
        if kept.revived:
            log.warning("the shop had switched webhooks off", shop_id=visit.shop.id, topics=kept.revived)
            visit.remember(revived=list(kept.revived), revived_at=visit.clock().isoformat())
        if kept.paused:
            topics = ", ".join(kept.paused)
            raise ShopProblem(
                "paused", f"Somebody has paused the webhooks {topics} in the shop, and they tell nothing."
            )
