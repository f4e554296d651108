"""What a plugin is told when its owner pastes in the code."""

import json

from standardwebhooks.webhooks import Webhook

from sidecar.wiring import utc_now

from .conftest import AddShop, ShopCaller


def test_the_secret_handed_out_signs_what_the_events_door_takes(ana: ShopCaller) -> None:
    told = ana.post("/connection", {}).json
    assert told["events_url"].endswith(f"/hooks/events/{ana.shop.id}")
    body, now = json.dumps({"type": "ping", "data": {}}), utc_now()
    signed = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(told["events_secret"]).sign("evt_1", now, body),
    }
    answer = ana.client.post(f"/hooks/events/{ana.shop.id}", data=body, headers=signed)
    assert answer.status_code == 202


def test_how_a_shop_stands_is_told_without_its_secret(add_shop: AddShop) -> None:
    shop = add_shop("Ana", billing="prepaid")
    told = shop.get("/shop").json
    assert (told["name"], told["mode"], told["sending"], told["route"]) == ("Ana", 3, "dry-run", ["simulator"])
    assert (told["billing"], told["feeds"]) == ("prepaid", {})
    assert "events_secret" not in told
