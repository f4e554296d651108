"""Vonage's Messages API v1: JSON both ways, signed by JWT both ways. SMS, and WhatsApp by approved templates."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import jwt
from pydantic import AliasChoices, AliasPath, BaseModel, Field, ValidationError

from sidecar.domain.message import OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import Accepted, Callback, Inbound, Receipt, SendOutcome
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackRefused, CallbackUnreadable, Fault, header
from sidecar.providers.callbacks import dialled
from sidecar.providers.formats import PhoneNumber
from sidecar.providers.http_provider import ApiError, by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: ("unauthorized", "jwt-expired", "jwt-revoked", "invalid-api-key", "invalid-signature", 1110),
        Fault.NO_CREDIT: ("low-balance", 1070),
        Fault.ACCOUNT_SUSPENDED: ("account-suspended", 1060),
        Fault.MISCONFIGURED: ("forbidden", "not-found", "unprovisioned", 1080, 1140),
        Fault.THROTTLED: ("throttled", 1000, 1241),
        Fault.PROVIDER_DOWN: (1030, 1100),
        Fault.INVALID_NUMBER: (1170, 1190),
        Fault.OPTED_OUT: (1240,),
        Fault.BLOCKED: (1050, 1270, 1280),
        Fault.FILTERED: (1210,),
        Fault.SENDER_REFUSED: (1120,),
        Fault.CONTENT_REFUSED: (1090,),
        Fault.TEMPLATE_REFUSED: (1022,),
        Fault.WINDOW_CLOSED: (1340,),
        Fault.NOT_ON_WHATSAPP: (1300,),
        Fault.TRIAL_RESTRICTION: (1160,),
        Fault.UNROUTABLE: (1250, 1260, 1310),
        Fault.HANDSET_UNREACHABLE: (1180, 1220),
        Fault.CARRIER_ERROR: (1200, 1230, 1290, 1330),
    }
)
ALREADY_SENT = "1320"
STATE_OF_WORD = by_word(
    {
        MessageState.SENT: ("submitted",),
        MessageState.DELIVERED: ("delivered",),
        MessageState.READ: ("read",),
        MessageState.UNDELIVERED: ("rejected", "undeliverable"),
    }
)

_TTL_SECONDS = (20, 604_800)
_TOKEN_LIVES = timedelta(minutes=15)
# Our clock is handed in, and how old a signature may be is for the caller to say.
_SIGNATURE_ONLY: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


class SentBody(BaseModel):
    message_uuid: str = Field(min_length=1)


class Problem(BaseModel):
    type: str = ""
    title: str
    detail: str = ""


class Status(BaseModel):
    """The error is told once or twice wrapped, and its code in the type's fragment or the title."""

    message_uuid: str = Field(min_length=1)
    status: str = Field(min_length=1)
    client_ref: str | None = None
    error_type: str = Field(
        "", validation_alias=AliasChoices(AliasPath("error", "error", "type"), AliasPath("error", "type"))
    )
    error_title: str | int = Field(
        "", validation_alias=AliasChoices(AliasPath("error", "error", "title"), AliasPath("error", "title"))
    )


class Reply(BaseModel):
    """`text` is what was written, or what stands on the button that was pressed."""

    message_uuid: str = Field(min_length=1)
    sender: PhoneNumber = Field(alias="from")
    to: str
    channel: str = Field(min_length=1)
    timestamp: str = ""
    text: str = Field(
        "", validation_alias=AliasChoices("text", AliasPath("button", "text"), AliasPath("reply", "title"))
    )
    answered: str | None = Field(None, validation_alias=AliasPath("context", "message_uuid"))
    status: str | None = None


def spoke(callback: Callback) -> bool:
    """Whether this callback is of the Messages API. One setting of the account decides for all its numbers."""
    return b'"message_uuid"' in callback.body


def fields(message: OutgoingMessage, sender: str, status_url: str) -> dict[str, object]:
    """`sender` is the account's own for the message's channel."""
    common = {
        "to": message.to.removeprefix("+"),
        "from": sender.removeprefix("+"),
        "channel": message.channel,
        "client_ref": message.id,
        "webhook_url": status_url,
        # Without it, an application that was made for version 0.1 would report in that version's form.
        "webhook_version": "v1",
    }
    if message.channel == "whatsapp":
        return {**common, **(_by_template(message.template) if message.template else _by_text(message.text))}
    return {**common, **_by_text(message.text), **_ttl(message.validity_seconds)}


def _by_text(text: str) -> dict[str, object]:
    return {"message_type": "text", "text": text}


def _by_template(template: ProviderTemplate) -> dict[str, object]:
    return {
        "message_type": "template",
        "template": {"name": template.code, "parameters": [value for _, value in template.parameters]},
        "whatsapp": {"policy": "deterministic", "locale": template.language},
    }


def _ttl(validity_seconds: int | None) -> dict[str, object]:
    shortest, longest = _TTL_SECONDS
    return {} if validity_seconds is None else {"ttl": min(max(validity_seconds, shortest), longest)}


def outcome(body: bytes) -> SendOutcome:
    return Accepted(SentBody.model_validate_json(body).message_uuid)


def error(body: bytes) -> ApiError:
    problem = Problem.model_validate_json(body)
    return ApiError(_code(problem.type, problem.title), f"{problem.title}. {problem.detail}")


def meaning(word: str, code: str) -> tuple[MessageState | None, str]:
    """The state that a status's word and error code stand for, and the reason."""
    state = STATE_OF_WORD.get(word)
    if state is not MessageState.UNDELIVERED:
        return state, ""
    unknown = f"error_{code}" if code.isascii() and code.isdigit() else ""
    return state, FAULT_OF_CODE[code].value if code in FAULT_OF_CODE else unknown


def receipts(callback: Callback) -> list[Receipt]:
    try:
        told = Status.model_validate_json(callback.body)
    except ValidationError as problem:
        raise CallbackUnreadable("a message's status holds message_uuid and status") from problem
    state, reason = meaning(told.status, _code(told.error_type, str(told.error_title)))
    return [Receipt(told.message_uuid, state, told.status, reason, told.client_ref)]


def inbound(callback: Callback) -> list[Inbound]:
    try:
        reply = Reply.model_validate_json(callback.body)
    except ValidationError as problem:
        raise CallbackUnreadable(_what_it_is(callback.body)) from problem
    if reply.status is not None:
        raise CallbackUnreadable(_what_it_is(callback.body))
    sender, at = dialled(reply.sender, reply.channel), _moment(reply.timestamp)
    return [Inbound(reply.message_uuid, sender, reply.to, reply.text, reply.channel, at, reply.answered)]


def _what_it_is(body: bytes) -> str:
    if b'"status"' in body:
        return "this is a message's status, which belongs to the address for those"
    return "a customer's message holds message_uuid, from (a number), to and channel"


def token(message_id: str, application_id: str, private_key: Any, now: datetime) -> str:
    """What lets one request in, made anew for each."""
    issued = int(now.timestamp())
    claims = {
        "application_id": application_id,
        "iat": issued,
        "jti": str(uuid5(NAMESPACE_OID, f"{message_id} {now.isoformat()}")),
        "exp": issued + int(_TOKEN_LIVES.total_seconds()),
    }
    return jwt.encode(claims, private_key, algorithm="RS256")


def rsa_key(pem: str) -> Any:
    """The application's private key. Raises ValueError."""
    try:
        key = jwt.get_algorithm_by_name("RS256").prepare_key(pem)
    except (jwt.PyJWTError, TypeError, ValueError):
        key = None
    if not hasattr(key, "private_numbers"):
        raise ValueError("must be the application's private key, from -----BEGIN PRIVATE KEY----- on")
    return key


def signed_at(callback: Callback, secret: str) -> datetime:
    """When Vonage signed the callback. Raises `CallbackRefused` unless it did."""
    try:
        scheme, _, bearer = header(callback, "Authorization").partition(" ")
        claims = jwt.decode(bearer.strip(), secret, algorithms=["HS256"], options=_SIGNATURE_ONLY)
        moment = datetime.fromtimestamp(int(claims["iat"]), UTC)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, OSError) as problem:
        raise CallbackRefused(f"unsound callback: {type(problem).__name__}") from problem
    if scheme.lower() != "bearer" or not _vouches_for(claims, callback.body):
        raise CallbackRefused("the signature is not for this body")
    return moment


def _vouches_for(claims: Mapping[str, Any], body: bytes) -> bool:
    """The signature covers the body by its hash alone."""
    claimed = str(claims.get("payload_hash", "")).encode()
    return hmac.compare_digest(claimed, hashlib.sha256(body).hexdigest().encode())


def _code(type_: str, title: str) -> str:
    fragment = type_.partition("#")[2]
    return title if fragment not in FAULT_OF_CODE and title.isdigit() else fragment


def _moment(written: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(written)
        return moment if moment.tzinfo else None
    return None
