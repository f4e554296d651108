"""What the study of running stores found, held up to the store at hand: what only a real Magento can confirm."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.magento.normalise import ORDER, read
from connectors.magento.poller import Poller
from connectors.magento.rest import Keys
from connectors.magento.rest import Rest as Asking
from connectors.magento.scribe import Scribe
from connectors.magento.stores import Stores
from sidecar.domain.backoffice import Writing
from sidecar.http.client import HttpClient
from tests.acceptance.processes import wait_until

from ..sidecars import SidecarOfShop
from .rest import Rest
from .store import Store

OWN_STATUS = """
$status = $new(\\Magento\\Sales\\Model\\Order\\Status::class);
$status->load('recado_ready');
$status->addData(['status' => 'recado_ready', 'label' => 'Ready (admin)', 'store_labels' => [1 => 'Ready to collect']]);
$status->save();
$status->assignState('processing', false, true);
return true;
"""


@pytest.fixture
def asking(store: Store) -> Asking:
    """As the sidecar's poller does: signed by the integration's four values."""
    return Asking(store.url, Keys(**store.integration()), HttpClient(store.url, plain_anywhere=True).exchange)


@pytest.mark.usefixtures("connected")
def test_finding_4_8_an_order_cut_down_to_what_is_read_reads_as_the_whole_of_it(asking: Asking, rest: Rest) -> None:
    rest.product("tee", 1000)
    order = rest.place_as_guest("tee", "BR", 2)
    stores = Stores(asking, [])
    pages = Poller(asking, stores).orders(datetime.now(UTC) - timedelta(minutes=10), 50)
    found = [each for page in pages for each in page.found if each.key == str(order)][-1]
    whole = rest.order(order)
    assert read(found.topic, found.body, "UTC") == read(
        ORDER, json.dumps({**whole, "locale": stores.locale(whole)}).encode(), "UTC"
    )
    assert len(found.body) < len(json.dumps(whole)) / 4


@pytest.mark.usefixtures("connected")
def test_finding_2_11_an_order_whose_status_another_program_set_gets_its_comment(asking: Asking, rest: Rest) -> None:
    rest.product("tee", 1000)
    order = rest.place_as_guest("tee")
    rest.admin("POST", "orders", {"entity": {"entity_id": order, "status": "processing"}})
    assert (rest.order(order)["state"], rest.order(order)["status"]) == ("new", "processing")
    Scribe(asking).write(Writing("task_of_tests", str(order), "She has paid at the door.", "", again=False))
    comments = [each["comment"] for each in rest.admin("GET", f"orders/{order}/comments")["items"]]
    assert any("She has paid at the door." in comment for comment in comments)
    assert rest.order(order)["status"] == "processing"


def test_finding_1_3_a_status_of_the_merchants_own_is_called_as_its_store_view_calls_it(
    store: Store, rest: Rest, connected: SidecarOfShop
) -> None:
    assert store.php(OWN_STATUS) is True
    rest.product("tee", 1000)
    order = rest.place_as_guest("tee")
    rest.invoice(order)
    rest.admin("POST", "orders", {"entity": {"entity_id": order, "state": "processing", "status": "recado_ready"}})
    store.send()

    def texts() -> list[str]:
        return [message["text"] for message in connected.messages() if message["order_id"] == str(order)]

    wait_until(lambda: any("Ready to collect" in text for text in texts()), 60, 0.5)
    assert not any("recado" in text or "admin" in text for text in texts())
