"""Magento's REST interface: how requests are signed, and what its answers mean."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from oauthlib.oauth1 import Client

from connectors.reading.asking import asked, retry_after
from connectors.reading.text import clean, decode
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.exchange import Answer, Exchange

API = "/rest/all/V1/"
"""The store code in the path chooses the language of answers, and filters nothing."""
NOT_THERE, REFUSED = "not_there", "refused"
MOST_ROWS = 50

Params = Sequence[tuple[str, str]]
Row = dict[str, Any]

_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _MAINTENANCE = 401, 403, 404, 429, 503
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True)
class Keys:
    """The four values of an integration, or its access token alone."""

    access_token: str
    access_token_secret: str = ""
    consumer_key: str = ""
    consumer_secret: str = ""

    @property
    def can_sign(self) -> bool:
        return bool(self.access_token_secret and self.consumer_key and self.consumer_secret)

    @property
    def is_of_a_person(self) -> bool:
        """The token of somebody who signed in is a JWT, that of an integration is not."""
        return not self.can_sign and self.access_token.startswith("eyJ") and self.access_token.count(".") == 2


@dataclass(frozen=True, slots=True)
class Rows:
    """`is_full`: there may be more. A page that is not full is the last: asked for what comes after it, some versions
    show it again."""

    rows: list[Row]
    is_full: bool


class _PageTooLarge(ShopProblem):
    def __init__(self, most: int) -> None:
        super().__init__("page_too_large", f"The shop shows {most} rows at once at most.")
        self.most = most


Signs = Callable[[str, str, Keys], Mapping[str, str]]


def signed(url: str, method: str, keys: Keys) -> Mapping[str, str]:
    """By OAuth 1.0a with HMAC-SHA256, the one method Magento takes; the query is part of what is signed."""
    client = Client(
        keys.consumer_key,
        client_secret=keys.consumer_secret,
        resource_owner_key=keys.access_token,
        resource_owner_secret=keys.access_token_secret,
        signature_method="HMAC-SHA256",
    )
    _, headers, _ = client.sign(url, http_method=method)
    return {"Authorization": headers["Authorization"]}


class Rest:
    def __init__(self, url: str, keys: Keys, exchange: Exchange, sign: Signs = signed) -> None:
        self._url = url.rstrip("/")
        self._keys = keys
        self._exchange = exchange
        self._sign = sign
        self._largest_page = MOST_ROWS

    def get(self, path: str, params: Params = ()) -> Any:
        return self._ask("GET", path, params, None)

    def post(self, path: str, data: Mapping[str, Any]) -> Any:
        return self._ask("POST", path, (), data)

    def rows(self, path: str, criteria: Params, page_size: int, fields: str) -> "Rows":
        """One page of a list, of the size wanted or, where the merchant allows smaller ones only, of that. Of each row
        these fields: what is not read stays in the shop, and a page is a tenth as long."""
        wanted = [*criteria, ("fields", f"items[{fields}]")]
        size = min(page_size, self._largest_page)
        try:
            return self._rows(path, wanted, size)
        except _PageTooLarge as refused:
            self._largest_page = refused.most
        return self._rows(path, wanted, min(size, self._largest_page))

    def _rows(self, path: str, criteria: Params, size: int) -> "Rows":
        told = self.get(path, [*criteria, ("searchCriteria[pageSize]", str(size))])
        if not isinstance(told, dict) or "items" not in told:
            raise _not_magento(path)
        rows = objects(told["items"])
        return Rows(rows, len(rows) >= size)

    def _ask(self, method: str, path: str, params: Params, data: Mapping[str, Any] | None) -> Any:
        # A space as %20: Magento does not find a signature right that was made over a plus.
        target = API + path + (f"?{urlencode(params, quote_via=quote)}" if params else "")
        headers = {"Accept": "application/json", **self._authorised(method, target)}
        body = None
        if data is not None:
            body, headers["Content-Type"] = json.dumps(data).encode(), "application/json"
        answer = asked(self._exchange, method, target, headers, body)
        if not answer.ok:
            raise problem_of(answer, self._keys)
        try:
            return decode(answer.body)
        except ValueError:
            raise _not_magento(answer.headers.get("Content-Type", "an answer without a type")) from None

    def _authorised(self, method: str, target: str) -> Mapping[str, str]:
        if self._keys.can_sign:
            return self._sign(self._url + target, method, self._keys)
        if self._keys.is_of_a_person:
            raise ShopProblem(
                "short_lived",
                "This token is that of an administrator, which the shop forgets within the hour. Give the values of an "
                "integration: System > Extensions > Integrations.",
                hopeless=True,
            )
        return {"Authorization": f"Bearer {self._keys.access_token}"}


def of(name: str, *fields: str) -> str:
    """Fields of a field."""
    return f"{name}[{','.join(fields)}]"


def where(number: int, field: str, value: str, condition: str = "eq") -> list[tuple[str, str]]:
    """One condition; those with different numbers must all hold."""
    group = f"searchCriteria[filter_groups][{number}][filters][0]"
    return [(f"{group}[field]", field), (f"{group}[value]", value), (f"{group}[condition_type]", condition)]


def by(*fields: str) -> list[tuple[str, str]]:
    """In the order of these, smallest first."""
    orders = [(f"searchCriteria[sortOrders][{number}]", field) for number, field in enumerate(fields)]
    return [pair for order, field in orders for pair in ((f"{order}[field]", field), (f"{order}[direction]", "ASC"))]


def problem_of(answer: Answer, keys: Keys) -> ShopProblem:
    message, resources, most = _told(answer)
    told = f"{answer.status}: {message}" if message else str(answer.status)
    if answer.status in _REDIRECTS:
        return ShopProblem(
            "redirected",
            f"The shop's address leads on to {answer.headers.get('Location', 'another one')[:200]}: keys are not sent "
            "after it. Set the shop's address to its base URL.",
        )
    if answer.status in (_UNAUTHORISED, _FORBIDDEN):
        return ShopProblem(
            "keys_refused", f"The shop refused the keys ({told}). {_why_refused(message, resources, keys)}"
        )
    if answer.status == _NOT_FOUND:
        return ShopProblem(NOT_THERE, f"The shop does not have this ({told}).", hopeless=True)
    if answer.status == _MAINTENANCE:
        return ShopProblem("maintenance", "The shop is in maintenance mode.", retry_after(answer.headers))
    if answer.status == _TOO_MANY or answer.status in _SERVER_ERRORS:
        uncertain = answer.status in _SERVER_ERRORS
        return ShopProblem(
            "shop_failing", f"The shop is not well ({told}).", retry_after(answer.headers), uncertain=uncertain
        )
    if most:
        return _PageTooLarge(most)
    return ShopProblem(REFUSED, f"The shop refused this ({told}).", hopeless=True)


def _why_refused(message: str, resources: str, keys: Keys) -> str:
    """Magento answers in the very same words to a wrong token, a right one that may not be used alone, and one that
    lacks a right."""
    if "signature" in message.lower():
        return (
            "The consumer secret or token secret is wrong, or a proxy before the shop changes the host or drops the "
            "port (nginx: proxy_set_header Host $http_host)."
        )
    if "timestamp" in message.lower() or "nonce" in message.lower():
        return "The clocks of the shop and of this machine differ: set both by a time server."
    lacking = f" The integration may lack the resource {resources}: tick it and authorise the integration again."
    if keys.can_sign:
        return "The integration is not active, or the four values are of different ones." + (
            lacking if resources else ""
        )
    return (
        "Give all four values of the integration, or switch on Stores > Configuration > Services > OAuth > Consumer "
        "Settings > Allow OAuth Access Tokens to be used as standalone Bearer tokens."
    ) + (lacking if resources else "")


def _told(answer: Answer) -> tuple[str, str, int]:
    """The sentence with its values filled in, the rights it names, and the size of a page that it allows. What a
    shop in developer mode adds (a trace with SQL) is left out."""
    try:
        error = decode(answer.body)
    except ValueError:
        return "", "", 0
    if not isinstance(error, dict):
        return "", "", 0
    parameters = error.get("parameters")
    message = _filled(str(error.get("message") or ""), parameters)
    named = parameters if isinstance(parameters, dict) else {}
    return message, str(named.get("resources") or "")[:120], _size(named.get("max"))


def _size(value: object) -> int:
    digits = clean(value, 6)
    return int(digits) if digits.isdigit() else 0


def objects(value: object) -> list[Row]:
    """The objects in a list; an empty list is written as null by some versions."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _filled(message: str, parameters: object) -> str:
    values: dict[str, object] = {}
    if isinstance(parameters, dict):
        values = dict(parameters)
    elif isinstance(parameters, list):
        values = {str(number): value for number, value in enumerate(parameters, 1)}
    for name in sorted(values, key=len, reverse=True):
        message = message.replace(f"%{name}", str(values[name]))
    return " ".join(message.split())[:200]


def _not_magento(what: str) -> ShopProblem:
    return ShopProblem(
        "not_magento",
        f"Something else than Magento's REST interface answered ({what[:80]}): a page of the host or a cache.",
    )
