"""The shop's REST interface: how requests are signed, and what each kind of answer is told as."""

import json
from base64 import b64decode
from typing import Any

import pytest
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint

from connectors.woocommerce.about import about
from connectors.woocommerce.rest import Keys, Rest
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import AddressRefused, Answer, AnswerLost, NotSent
from tests.woo import FakeWoo, answer, recorded

KEYS = Keys("ck_a1b2", "cs_d4c3")


class _Shop(RequestValidator):
    """Knows one pair of keys, as WooCommerce does; another implementation of OAuth 1.0a than the one that signs."""

    client_key_length = nonce_length = (3, 64)
    allowed_signature_methods = ("HMAC-SHA256",)
    enforce_ssl = False
    dummy_client = "dummy"

    def check_client_key(self, client_key: str) -> bool:
        return client_key.startswith("ck_")

    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == KEYS.consumer_key

    def validate_timestamp_and_nonce(self, *_: Any, **__: Any) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return KEYS.consumer_secret


def test_over_plain_http_each_request_is_signed_and_the_secret_stays_here() -> None:
    """Finding 26: over http Basic auth is refused, only OAuth 1.0a works."""
    sent: list[tuple[str, str, dict[str, str]]] = []

    def exchange(method: str, path: str, headers: Any, body: bytes | None) -> Answer:
        sent.append((method, path, dict(headers)))
        return answer(200, [])

    rest = Rest("http://127.0.0.1:8081", KEYS, exchange)
    rest.get_list("orders", {"modified_after": "2026-11-22T12:50:00", "status": "any", "orderby": "modified"})
    [(method, path, headers)] = sent
    assert "Authorization" not in headers and KEYS.consumer_secret not in path
    genuine, _ = SignatureOnlyEndpoint(_Shop()).validate_request(f"http://127.0.0.1:8081{path}", method)
    assert genuine
    forged = path.replace("any", "trash")
    assert not SignatureOnlyEndpoint(_Shop()).validate_request(f"http://127.0.0.1:8081{forged}", method)[0]


def test_over_https_the_keys_are_a_password() -> None:
    seen: list[str] = []

    def exchange(_method: str, path: str, headers: Any, _body: bytes | None) -> Answer:
        seen.append(b64decode(headers["Authorization"].removeprefix("Basic ")).decode())
        assert "oauth" not in path
        return answer(200, {})

    Rest("https://shop.example", KEYS, exchange).get("orders/1")
    assert seen == ["ck_a1b2:cs_d4c3"]


REFUSED = json.dumps(recorded("err-basic-over-http")).encode()


@pytest.mark.parametrize(
    ("came", "code"),
    [
        (answer(401, REFUSED), "keys_refused"),
        (answer(403, b"<html>Forbidden by rule 949110</html>"), "blocked"),
        (answer(301, b"", Location="https://www.shop.example/"), "redirected"),
        (answer(404, b"<html>not found</html>"), "no_rest"),
        (answer(404, recorded("order-missing")), "not_there"),
        (answer(400, recorded("orders-per101")), "refused"),
        (answer(429, b"", **{"Retry-After": "120"}), "shop_failing"),
        (answer(503, b"maintenance"), "shop_failing"),
        (answer(200, b"<br />Notice: undefined index"), "not_woocommerce"),
        (answer(200, {"an": "object"}), "not_woocommerce"),
        (NotSent("no connection"), "unreachable"),
        (AddressRefused("10.0.0.1 is private."), "address_refused"),
        (AnswerLost("TimeoutError"), "no_answer"),
    ],
)
def test_what_a_shop_answers_is_told_in_words(came: Answer | Exception, code: str) -> None:
    def exchange(*_: object) -> Answer:
        if isinstance(came, Exception):
            raise came
        return came

    with pytest.raises(ShopProblem) as met:
        Rest("https://shop.example", KEYS, exchange).get_list("orders")
    assert met.value.code == code and len(met.value.sentence) > 15
    assert met.value.retry_after == (120 if code == "shop_failing" and "429" in met.value.sentence else None)


@pytest.mark.parametrize(
    ("told", "timezone"),
    [
        ({"timezone_string": "America/Sao_Paulo", "gmt_offset": -3}, "America/Sao_Paulo"),
        ({"timezone_string": "", "gmt_offset": -3}, "Etc/GMT+3"),
        ({"timezone_string": "", "gmt_offset": "8"}, "Etc/GMT-8"),
        ({"timezone_string": "", "gmt_offset": 0}, "UTC"),
        ({"timezone_string": "", "gmt_offset": 5.5}, ""),
    ],
)
def test_a_shop_tells_country_currency_zone_and_language(told: dict[str, Any], timezone: str) -> None:
    def index(_method: str, path: str, _query: object) -> Answer | None:
        return answer(200, told) if path == "/wp-json/" else None

    found = about(Rest("https://shop.example", KEYS, FakeWoo(before=index)))
    assert (found.country, found.currency, found.locale, found.timezone) == ("BR", "BRL", "pt_BR", timezone)
    assert (found.stock_managed, found.version) == (True, "10.0.2")
