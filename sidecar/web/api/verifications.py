"""One-time codes for checkouts."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response
from pydantic import AfterValidator, Field

from sidecar.catalog import reasons
from sidecar.codes import Asked as AskedCode
from sidecar.codes import CodeRefused, NotSent, NumberRefused, resend_at
from sidecar.domain.codes import MOST_TRIES
from sidecar.domain.phone import mask
from sidecar.domain.shop import Country, Locale
from sidecar.domain.spoken import To, is_address
from sidecar.storage.verifications import CONFIRMED, Verification
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, take, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

T = TypeVar("T")


Subject = Annotated[
    str, Field(pattern=r"^[!-~]{1,64}$", description="What the code is for: the checkout's own id of its session.")
]
Host = Annotated[
    str, Field(max_length=120, pattern=r"^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z][A-Za-z0-9-]*$")
]
Digits = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="The six digits in the text.")]


class NewVerification(Asked):
    """`ip` is the shopper's address, not the shop's. `domain`: the page's host, whose browser may then fill the code
    in."""

    number: To
    ip: Annotated[str, Field(max_length=45), AfterValidator(is_address)]
    subject: Subject
    country: Country = ""
    locale: Locale | None = None
    domain: Host | None = None


class CodeTried(Asked):
    """With `subject`, the code is right only for what it was asked for."""

    code: Digits
    subject: Subject | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/verifications")
    def how_codes_fare() -> Response:
        found = api.codes.overview(the_shop())
        stopped = [
            {"prefix": prefix, "sent": sample.sent, "confirmed": sample.confirmed}
            for prefix, sample in found.stopped.items()
        ]
        return as_json({"sent_in_the_last_hour": found.sent, "limit_per_hour": found.limit, "stopped": stopped})

    @bp.delete("/verifications/stops/<prefix>")
    def lift_stop(prefix: str) -> tuple[str, int]:
        take(api.tries)
        _allowed(lambda: api.codes.lift(the_shop(), f"+{prefix.removeprefix('+')}"))
        return "", HTTPStatus.NO_CONTENT

    @bp.post("/verifications")
    def ask_for_code() -> Response:
        take(api.tries)
        asked = asking.checked(NewVerification, asking.json_body())
        return as_json(_shown(_allowed(lambda: api.codes.ask(the_shop(), _passed_on(asked)))), 202)

    @bp.post("/verifications/<verification_id>/resend")
    def resend_code(verification_id: str) -> Response:
        take(api.tries)
        return as_json(_shown(_allowed(lambda: api.codes.resend(the_shop(), verification_id))), 202)

    @bp.post("/verifications/<verification_id>/check")
    def check_code(verification_id: str) -> Response:
        take(api.tries)
        tried = asking.checked(CodeTried, asking.json_body())
        checked = _allowed(lambda: api.codes.check(the_shop(), verification_id, tried.code, tried.subject))
        return as_json(_shown(checked))


def _allowed(act: Callable[[], T]) -> T:
    try:
        return act()
    except NumberRefused as refused:
        raise Refusal("bad_number", errors={"number": _sentence(refused.code)}) from None
    except NotSent as refused:
        raise Refusal("not_sent", _sentence(refused.code), {"reason": refused.code}) from None
    except CodeRefused as refused:
        wait = {"Retry-After": str(refused.wait)} if refused.wait else {}
        left = {"code": f"{refused.tries_left} tries left"} if refused.code == "code_wrong" else {}
        raise Refusal(refused.code, errors=left, headers=wait) from None


def _sentence(reason: str) -> str:
    return reasons.sentence(reason, the_shop().settings.locale)


def _passed_on(asked: NewVerification) -> AskedCode:
    return AskedCode(
        to=asked.number,
        ip=asked.ip,
        subject=asked.subject,
        country=asked.country,
        locale=asked.locale or "",
        domain=asked.domain or "",
    )


def _shown(of: Verification) -> dict[str, Any]:
    return {
        "id": of.id,
        "number": mask(of.number),
        "subject": of.subject,
        "confirmed": of.state == CONFIRMED,
        "tries_left": MOST_TRIES - of.tries,
        "expires_at": of.expires_at,
        "resend_at": resend_at(of),
    }
