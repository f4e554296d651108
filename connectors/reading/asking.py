"""Asking a shop's REST interface: what it means when there is no answer, or when the shop wants to be left alone."""

from collections.abc import Callable, Mapping

from sidecar.domain.backoffice import Found, ShopProblem
from sidecar.domain.exchange import AddressRefused, Answer, AnswerLost, Exchange, NotSent


def asked(exchange: Exchange, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    """The shop's answer, whatever it is. Raises `ShopProblem` where there is none."""
    try:
        return exchange(method, target, headers, body)
    except AddressRefused as refused:
        raise ShopProblem("address_refused", str(refused)) from None
    except NotSent as error:
        raise ShopProblem("unreachable", f"The shop cannot be reached: {error}.") from None
    except AnswerLost as error:
        raise ShopProblem("no_answer", f"The shop did not answer in time or whole: {error}.", uncertain=True) from None


def attempt(show: Callable[..., Found], *of_what: object) -> Found | ShopProblem:
    """What is shown, or why it cannot be, where others are still to be asked for."""
    try:
        return show(*of_what)
    except ShopProblem as problem:
        return problem


def retry_after(headers: Mapping[str, str]) -> float | None:
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
