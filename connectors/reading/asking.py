"""Asking a shop's REST interface: what it means when there is no answer, or when the shop wants to be left alone."""

from collections.abc import Mapping

from sidecar.domain.backoffice import ShopProblem
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


def retry_after(headers: Mapping[str, str]) -> float | None:
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
