"""Every way into the web application is on this list, with what guards it or why nothing does."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sidecar.app import create_app
from sidecar.settings import read_settings
from sidecar.wiring import Recado
from tests.conftest import fresh_sqlite

BY_SIGNATURE = {
    "POST /hooks/woocommerce/<shop_id>": "HMAC over the body with the shop's webhook secret; the bare ping excepted",
    "POST /hooks/events/<shop_id>": "Standard Webhooks with the shop's events secret",
}
BY_SECRET_ADDRESS = {
    "GET /callbacks/<account_id>/<token>/status": "the account's token, and the provider's signature where it signs",
    "POST /callbacks/<account_id>/<token>/status": "the same",
    "GET /callbacks/<account_id>/<token>/inbound": "the same",
    "POST /callbacks/<account_id>/<token>/inbound": "the same",
}
BY_BEARER_TOKEN = {
    "GET /api/v1/shop",
    "POST /api/v1/connection",
    "POST /api/v1/previews",
    "GET /api/v1/settings",
    "PATCH /api/v1/settings",
    "GET /api/v1/templates",
    "GET /api/v1/balance",
    "POST /api/v1/privacy/export",
    "POST /api/v1/privacy/erase",
    "POST /api/v1/test-message",
    "POST /api/v1/messages",
    "GET /api/v1/messages",
    "GET /api/v1/messages/<message_id>",
    "POST /api/v1/stock-alerts",
    "GET /api/v1/stock-alerts",
    "POST /api/v1/stock-alerts/<alert_id>/confirm",
    "DELETE /api/v1/stock-alerts/<alert_id>",
    "GET /api/v1/texts",
    "POST /api/v1/texts",
    "GET /api/v1/texts/<text_id>",
    "PATCH /api/v1/texts/<text_id>",
    "POST /api/v1/texts/<text_id>/submit",
    "DELETE /api/v1/verifications/stops/<prefix>",
    "GET /api/v1/verifications",
    "POST /api/v1/verifications",
    "POST /api/v1/verifications/<verification_id>/check",
    "POST /api/v1/verifications/<verification_id>/resend",
    "POST /api/v1/consents",
    "GET /api/v1/consents",
    "GET /api/v1/conversations",
    "GET /api/v1/conversations/<conversation_id>",
    "POST /api/v1/conversations/<conversation_id>/read",
    "POST /api/v1/conversations/<conversation_id>/messages",
    "GET /api/v1/tasks",
    "POST /api/v1/tasks/<task_id>/done",
    "POST /api/v1/tasks/<task_id>/failed",
}
BY_SIGNED_LINK = {
    "GET /o/<token>": "the link was signed for one text of ours; opening it ends nothing",
    "POST /o/<token>": "the same: who has the link may end the texts to that number",
    "GET /l/<code>": "a link that was texted to one person; leads to known hosts only",
    "GET /t/<code>": "the same, to a page about their parcel",
    "GET /a/<token>": "a link that was texted to one person, to confirm what they asked for",
    "POST /a/<token>": "the same",
    "GET /e/<token>": "a link that was texted to one person, to end what they asked for",
    "POST /e/<token>": "the same",
}
BY_SESSION = {
    "GET /admin/",
    "GET /admin/shops/<shop_id>/",
    "GET /admin/messages",
    "GET /admin/messages.csv",
    "GET /admin/messages/<message_id>",
    "POST /admin/messages/plan",
    "POST /admin/messages/do",
    "GET /admin/shops/<shop_id>/messages",
    "GET /admin/shops/<shop_id>/messages.csv",
    "GET /admin/shops/<shop_id>/messages/<message_id>",
    "POST /admin/shops/<shop_id>/messages/plan",
    "POST /admin/shops/<shop_id>/messages/do",
    "GET /admin/shops/<shop_id>/conversations",
    "GET /admin/shops/<shop_id>/conversations/<conversation_id>",
    "POST /admin/shops/<shop_id>/conversations/<conversation_id>",
    "POST /admin/shops/<shop_id>/conversations/<conversation_id>/read",
    "GET /admin/shops",
    "GET /admin/add-shop",
    "POST /admin/add-shop",
    "POST /admin/route/<of_shop>",
    "GET /admin/shops/<shop_id>/setup",
    "GET /admin/shops/<shop_id>/setup/ticks",
    "POST /admin/shops/<shop_id>/test",
    "POST /admin/shops/<shop_id>/code",
    "GET /admin/add-provider",
    "POST /admin/add-provider",
    "GET /admin/providers",
    "GET /admin/providers/<account_id>",
    "POST /admin/providers/<account_id>",
    "POST /admin/providers/<account_id>/check",
    "POST /admin/providers/<account_id>/options",
    "GET /admin/texts",
    "POST /admin/texts/<text_id>/approve",
    "POST /admin/texts/<text_id>/refuse",
    "GET /admin/shops/<shop_id>/texts",
    "GET /admin/shops/<shop_id>/new-text",
    "GET /admin/shops/<shop_id>/texts/<key>",
    "POST /admin/shops/<shop_id>/texts/<key>",
    "POST /admin/shops/<shop_id>/texts/<key>/check",
    "POST /admin/shops/<shop_id>/texts/<key>/switch",
    "GET /admin/shops/<shop_id>/try-out",
    "POST /admin/shops/<shop_id>/try-out",
    "GET /admin/shops/<shop_id>/try-out/progress",
    "GET /admin/shops/<shop_id>/try-out.csv",
    "POST /admin/shops/<shop_id>/go-live",
    "GET /admin/shops/<shop_id>/settings",
    "POST /admin/shops/<shop_id>/settings",
    "POST /admin/shop-keys/<of_shop>",
    "GET /admin/credit",
    "POST /admin/book-credit/<of_shop>",
    "GET /admin/shops/<shop_id>/alerts",
    "GET /admin/shops/<shop_id>/alerts/of",
    "POST /admin/shops/<shop_id>/alerts/<alert_id>/end",
    "GET /admin/shops/<shop_id>/consents",
    "POST /admin/shops/<shop_id>/consents",
    "POST /admin/shops/<shop_id>/consents/erase",
    "POST /admin/shops/<shop_id>/consents/export",
    "GET /admin/shops/<shop_id>/credit",
    "GET /admin/shops/<shop_id>/credit.csv",
    "GET /admin/inbox",
    "POST /admin/inbox/replay",
    "POST /admin/inbox/<delivery_id>/replay",
    "GET /admin/people",
    "POST /admin/people",
    "GET /admin/people/log",
    "POST /admin/people/<user_id>/password",
    "POST /admin/people/<user_id>/shops",
    "POST /admin/people/<user_id>/totp/end",
    "POST /admin/people/<user_id>/disable",
    "POST /admin/people/<user_id>/remove",
    "GET /admin/you",
    "POST /admin/you/language",
    "POST /admin/you/password",
    "POST /admin/you/sessions/end",
    "POST /admin/you/totp",
    "POST /admin/you/totp/confirm",
    "POST /admin/you/totp/end",
    "POST /admin/logout",
    "GET /admin/<path:anything>",
}
PUBLIC = {
    "GET /": "leads to the pages, and tells nothing",
    "GET /healthz": "tells that the process lives, and nothing else",
    "GET /readyz": "tells whether it can work, and nothing else",
    "GET /metrics": "counts, and names of provider accounts; to be kept from the outside by the proxy",
    "GET /api/v1/openapi.json": "describes the API, and is the same everywhere",
    "GET /admin/login": "the door itself",
    "POST /admin/login": "the door itself, with growing waits for wrong passwords",
    "GET /admin/login/code": "the door's second step, after the right password only",
    "POST /admin/login/code": "the same, with the same waits",
    "GET /admin/static/<path:filename>": "style sheets and pictures of the login page too",
}
GUARDED = {*BY_SIGNATURE, *BY_SECRET_ADDRESS, *BY_SIGNED_LINK, *BY_BEARER_TOKEN, *BY_SESSION}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("routes")
    fresh_sqlite(folder)
    recado = Recado(read_settings({"RECADO_DATA_DIR": str(folder)}))
    yield create_app(recado).test_client()
    recado.close()


def test_every_route_is_listed_with_its_guard_or_its_reason(client: FlaskClient) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == GUARDED | set(PUBLIC)
    assert not GUARDED & set(PUBLIC)


@pytest.mark.parametrize("route", sorted(GUARDED))
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer rct_wrong"}, {"Authorization": "Basic Og=="}, {"Cookie": "recado_admin=x"}],
)
def test_a_guarded_route_lets_nobody_in_unannounced(client: FlaskClient, route: str, headers: dict[str, str]) -> None:
    method, _, rule = route.partition(" ")
    path = rule.replace("<", "").replace(">", "").replace("path:", "")
    answer = client.open(path, method=method, json={} if method in ("POST", "PATCH") else None, headers=headers)
    if route in BY_SESSION:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/login")
    elif route in BY_SIGNED_LINK:
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "Set-Cookie" not in answer.headers
    else:
        assert answer.status_code == (401 if route in BY_BEARER_TOKEN else 404)
        assert answer.content_type == "application/problem+json"


def test_what_is_public_sets_no_cookie_and_names_nobody(client: FlaskClient) -> None:
    for route in ("/healthz", "/readyz", "/metrics", "/api/v1/openapi.json"):
        answer = client.get(route)
        assert "Set-Cookie" not in answer.headers
        assert "shop_" not in re.sub("shop_(id|tasks)", "", answer.text) and "acc_" not in answer.text
