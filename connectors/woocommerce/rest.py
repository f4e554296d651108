"""The shop's REST interface: how requests are signed, and what its answers mean."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from woocommerce.oauth import OAuth

from connectors.reading.asking import asked, retry_after
from connectors.reading.text import decode
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import Answer, Exchange

API = "/wp-json/wc/v3/"
INDEX = "/wp-json/?_fields=name,url,timezone_string,gmt_offset"
NOT_THERE = "not_there"
Params = Mapping[str, str]

_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True)
class Keys:
    consumer_key: str
    consumer_secret: str


class Rest:
    """Only the signing is left to WooCommerce's own package: its requests follow redirects with the keys, read
    answers of any length, and ask the name's address themselves. Over plain http WooCommerce refuses the keys as a
    password and wants each request signed by OAuth 1.0a."""

    def __init__(self, url: str, keys: Keys, exchange: Exchange) -> None:
        self._url = url.rstrip("/")
        self._keys = keys
        self._exchange = exchange

    def get(self, path: str, params: Params | None = None) -> Any:
        return self._ask("GET", path, params or {}, None)

    def get_list(self, path: str, params: Params | None = None) -> list[dict[str, Any]]:
        told = self.get(path, params)
        if not isinstance(told, list) or not all(isinstance(entry, dict) for entry in told):
            raise _not_woocommerce(path)
        return told

    def get_object(self, path: str, params: Params | None = None) -> dict[str, Any]:
        return _object(self.get(path, params), path)

    def index(self) -> dict[str, Any]:
        """What WordPress tells everybody."""
        answer = asked(self._exchange, "GET", INDEX, {"Accept": "application/json"}, None)
        if not answer.ok:
            raise problem_of(answer)
        return _object(decoded(answer), INDEX)

    def post(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return _object(self._ask("POST", path, {}, data), path)

    def put(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return _object(self._ask("PUT", path, {}, data), path)

    def _ask(self, method: str, path: str, params: Params, data: Mapping[str, Any] | None) -> Any:
        target, headers = self._signed(method, API + path, params)
        body = None
        if data is not None:
            body, headers = json.dumps(data).encode(), {**headers, "Content-Type": "application/json; charset=utf-8"}
        answer = asked(self._exchange, method, target, {"Accept": "application/json", **headers}, body)
        if not answer.ok:
            raise problem_of(answer, encrypted=self._url.startswith("https"))
        return decoded(answer)

    def _signed(self, method: str, path: str, params: Params) -> tuple[str, dict[str, str]]:
        query = f"?{urlencode(params)}" if params else ""
        if self._url.startswith("https"):
            return path + query, {"Authorization": _basic(self._keys)}
        keys = self._keys
        oauth = OAuth(self._url + path + query, keys.consumer_key, keys.consumer_secret, version="wc/v3", method=method)
        signed = urlsplit(oauth.get_oauth_url())
        return f"{path}?{signed.query}", {}


def problem_of(answer: Answer, *, encrypted: bool = True) -> ShopProblem:
    code, message = _told(answer)
    told = f"{answer.status} {code}: {message}" if code else str(answer.status)
    if answer.status in _REDIRECTS:
        return ShopProblem(
            "redirected",
            f"The shop's address leads on to {answer.headers.get('Location', 'another one')[:200]}: keys are not sent "
            "after it. Set the shop's address to where its REST interface really is.",
        )
    if answer.status in (_UNAUTHORISED, _FORBIDDEN):
        if not code:
            return ShopProblem("blocked", f"A firewall or the shop's host turned the request away ({told}).")
        return ShopProblem("keys_refused", f"The shop refused the keys ({told}). {_why_refused(encrypted)}")
    if answer.status == _NOT_FOUND and code in ("", "rest_no_route"):
        return ShopProblem(
            "no_rest",
            f"There is no WooCommerce REST interface at the shop's address ({told}). WooCommerce must be active and "
            "Settings > Permalinks anything but Plain.",
        )
    if answer.status == _NOT_FOUND:
        return ShopProblem(NOT_THERE, f"The shop does not have this any more ({told}).", hopeless=True)
    if answer.status == _TOO_MANY or answer.status in _SERVER_ERRORS:
        uncertain = answer.status in _SERVER_ERRORS
        return ShopProblem(
            "shop_failing", f"The shop is not well ({told}).", retry_after(answer.headers), uncertain=uncertain
        )
    return ShopProblem("refused", f"The shop refused this ({told}).", hopeless=True)


def _why_refused(encrypted: bool) -> str:
    if encrypted:
        return (
            "They are wrong, lack the right to read and write, or the shop does not see that the connection is "
            "encrypted or does not get the Authorization header: see the README on proxies."
        )
    return "They are wrong, lack the right to read and write, or the shop's clock differs by more than 15 minutes."


def decoded(answer: Answer) -> Any:
    try:
        return decode(answer.body)
    except ValueError:
        raise _not_woocommerce(answer.headers.get("Content-Type", "an answer without a type")) from None


def _object(told: Any, path: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise _not_woocommerce(path)
    return told


def _not_woocommerce(what: str) -> ShopProblem:
    return ShopProblem(
        "not_woocommerce",
        f"Something else than WooCommerce's REST interface answered ({what[:80]}): a page of the host, a cache, or a "
        "plugin that prints into answers.",
    )


def _told(answer: Answer) -> tuple[str, str]:
    """The code and the sentence of a WordPress error, where it is one."""
    try:
        error = decode(answer.body)
    except ValueError:
        return "", ""
    if not isinstance(error, dict):
        return "", ""
    return str(error.get("code") or "")[:60], " ".join(str(error.get("message") or "").split())[:200]


def _basic(keys: Keys) -> str:
    pair = f"{keys.consumer_key}:{keys.consumer_secret}"
    return f"Basic {b64encode(pair.encode()).decode()}"
