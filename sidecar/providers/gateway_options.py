"""The options that describe a gateway, and every mistake one can make in them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Json, SecretStr, model_validator

from sidecar.http.client import BaseUrl
from sidecar.providers.base import Fault
from sidecar.providers.gateway_document import Kind, misplaced
from sidecar.providers.gateway_request import (
    COUNTABLE,
    CREDENTIALS,
    KNOWN,
    NUMBERS,
    TEXTS,
    Format,
    counted_in,
    fill,
    names_in,
    read_body,
)
from sidecar.providers.http_provider import ProviderOptions

_OF_HTTP = re.compile("HTTP [45][0-9]{2}")
_WRITTEN_BY_US = frozenset({"content-type", "content-length", "host", "transfer-encoding", "connection"})


def _word(word: str) -> str:
    if word in ("", "*"):
        raise ValueError("must be a word, or the beginning of one with * after it")
    return word


def _header_name(name: str) -> str:
    if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII) or name.lower() in _WRITTEN_BY_US:
        raise ValueError("must be a header's name, and not one of those that are set anyway")
    return name


Word = Annotated[str, AfterValidator(_word)]
Words = tuple[Word, ...]
State = Literal["accepted", "sent", "delivered", "read", "undelivered", "expired"]
HeaderName = Annotated[str, AfterValidator(_header_name)]


class GatewayOptions(ProviderOptions):
    """Names that end in `_at` say where a value stands in an answer, those that begin with `receipt_` or
    `inbound_` where it stands in a callback."""

    base_url: BaseUrl
    path: str = Field("", pattern=r'^(/[!"$-~]*)?$')
    method: Literal["GET", "POST"] = "POST"
    format: Format = "form"
    body: str = Field(min_length=1, repr=False)
    body_ucs2: str = Field("", repr=False)
    body_field: str = Field("", pattern=r"^[!-~]*$")
    content_type: str = Field("", pattern=r"^([\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?)?$")
    charset: Literal["utf-8", "iso-8859-1", "windows-1252"] = "utf-8"
    headers: Json[dict[HeaderName, str]] = Field({}, repr=False)
    auth: Literal["none", "basic", "bearer"] = "none"
    username: str = ""
    password: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    sender: str = ""
    max_characters: int = Field(1530, ge=1, le=100_000)

    answer: Literal["text", "json", "xml"] = "text"
    success_at: str = ""
    success_is: Json[Words] = ()
    id_at: str = ""
    segments_at: str = ""
    price_at: str = ""
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    error_at: str = ""
    error_text_at: str = ""
    faults: Json[dict[Fault, Words]] = Field({}, repr=False)
    other_errors: Literal["unknown", "refused"] = "unknown"

    callbacks: Literal["form", "json", "xml"] = "form"
    items_at: str = ""
    receipt_id: str = ""
    receipt_reference: str = ""
    receipt_number: str = ""
    receipt_status: str = ""
    receipt_error: str = ""
    states: Json[dict[State, Words]] = Field({}, repr=False)
    receipt_faults: Json[dict[Fault, Words]] = Field({}, repr=False)
    inbound_id: str = ""
    inbound_from: str = ""
    inbound_to: str = ""
    inbound_text: str = ""
    inbound_hex: str = ""
    inbound_coding: str = ""
    one_callback_address: bool = False
    acknowledgement: str = ""
    acknowledgement_type: str = Field("text/plain", pattern=r"^[\w.+-]+/[\w.+-]+$")

    balance_path: str = Field("", pattern=r'^(/[!"$-~]*)?$')
    balance_format: Literal["text", "json", "xml", ""] = ""
    balance_at: str = ""
    balance_unit: str = "credits"

    @model_validator(mode="after")
    def _without_mistakes(self) -> Self:
        if found := list(mistakes(self)):
            raise ValueError(". ".join(found))
        return self

    def credentials(self) -> dict[str, str]:
        return {
            "username": self.username,
            "password": self.password.get_secret_value(),
            "token": self.token.get_secret_value(),
        }

    @property
    def bodies(self) -> dict[str, str]:
        """Those that were given, by the name of their option."""
        return {name: body for name, body in (("body", self.body), ("body_ucs2", self.body_ucs2)) if body}


def mistakes(options: GatewayOptions) -> Iterator[str]:
    """A sentence for each, without its full stop."""
    yield from _in_the_request(options)
    yield from _in_placeholders(options)
    yield from _in_credentials(options)
    yield from _in_the_answer(options)
    yield from _in_receipts(options)
    yield from _in_inbound(options)
    yield from _in_the_balance(options)


def _in_the_request(options: GatewayOptions) -> Iterator[str]:
    if options.method == "GET" and options.format != "form":
        yield "method GET needs the format form: it has no body"
    if options.body_field and options.format == "form":
        yield "body_field is for json and xml: a form has its fields already"
    for name, written in options.bodies.items():
        try:
            read_body(options.format, written)
        except ValueError as problem:
            yield f"{name} {problem}"
        for needed in (NUMBERS, TEXTS):
            if not set(names_in(written)) & set(needed):
                yield f"{name} holds neither {' nor '.join(f'{{{each}}}' for each in needed)}"


def _in_placeholders(options: GatewayOptions) -> Iterator[str]:
    for name, written in options.bodies.items():
        yield from (f"{name}: there is no placeholder {{{each}}}" for each in _others(written, KNOWN))
        for each in sorted(set(counted_in(written)) - set(COUNTABLE)):
            yield f"{name}: {{{each}}} is no number"
    fixed = {"path": options.path, "balance_path": options.balance_path}
    fixed |= {f"headers: {name}": written for name, written in options.headers.items()}
    for name, written in fixed.items():
        yield from (f"{name}: {{{each}}} cannot stand here" for each in _others(written, CREDENTIALS))


def _others(written: str, known: Iterable[str]) -> list[str]:
    return sorted(set(names_in(written)) - set(known))


def _in_credentials(options: GatewayOptions) -> Iterator[str]:
    written = [*options.bodies.values(), options.path, options.balance_path, *options.headers.values()]
    used = {name for text in written for name in names_in(text)}
    used |= {"basic": {"username", "password"}, "bearer": {"token"}}.get(options.auth, set())
    for name, value in options.credentials().items():
        if name in used and not value:
            yield f"{name} is used and not given"
        if value and name not in used:
            yield f"{name} is given and used nowhere"
    if options.auth == "bearer" and not re.fullmatch("[!-~]*", options.token.get_secret_value()):
        yield "token must be letters, digits and signs without spaces"
    if options.auth != "none" and any(name.lower() == "authorization" for name in options.headers):
        yield "auth and an Authorization header do not go together"
    for name, value in options.headers.items():
        if not _others(value, CREDENTIALS) and not re.fullmatch("[ -~]*", fill(value, options.credentials())):
            yield f"headers: {name} must be letters, digits and signs on one line"


def _in_the_answer(options: GatewayOptions) -> Iterator[str]:
    for name in ("success_at", "id_at", "segments_at", "price_at"):
        yield from _misplaced(options, name, options.answer)
    for name in ("error_at", "error_text_at"):
        yield from _misplaced(options, name, options.answer, several=options.answer != "text")
    if not options.success_at and not options.id_at:
        yield "success_at or id_at must say how an accepted message is told from a refused one"
    if options.success_is and not options.success_at:
        yield "success_is needs success_at"
    if options.success_at == "{value}" and not options.success_is:
        yield "success_at {value} fits every answer: success_is must say which are good"
    if bool(options.price_at) != bool(options.currency):
        yield "price_at and currency need each other"
    yield from _in_faults(options)


def _in_faults(options: GatewayOptions) -> Iterator[str]:
    yield from _ambiguous("faults", options.faults.values())
    words = [word for fault_words in options.faults.values() for word in fault_words]
    for word in words:
        if word.startswith("HTTP ") and not _OF_HTTP.fullmatch(word):
            yield f"faults: {word} must be a status from HTTP 400 to HTTP 599"
    read = options.error_text_at or options.other_errors == "refused" or not all(map(_OF_HTTP.fullmatch, words))
    if read and not options.error_at:
        yield "error_at must say where an error stands"


def _in_receipts(options: GatewayOptions) -> Iterator[str]:
    yield from _ambiguous("states", options.states.values())
    yield from _ambiguous("receipt_faults", options.receipt_faults.values())
    for name in ("receipt_id", "receipt_number", "receipt_status", "receipt_error"):
        yield from _misplaced(options, name, options.callbacks)
    if not options.receipt_reference.startswith("?"):
        yield from _misplaced(options, "receipt_reference", options.callbacks)
    said = (options.receipt_id, options.receipt_reference, options.receipt_number, options.receipt_error)
    if not options.receipt_status and (any(said) or options.states or options.receipt_faults):
        yield "receipt_status must say where a receipt's word stands"
    if options.receipt_status and not options.states:
        yield "states must say what the words of receipts mean"
    if options.receipt_status and not (options.receipt_id or options.receipt_reference):
        yield "receipt_id or receipt_reference must say which message a receipt is about"
    if options.receipt_id and not options.id_at and not options.receipt_reference:
        yield "receipt_id needs id_at: nothing else connects a receipt with its message"
    if options.receipt_reference and not all("id" in names_in(body) for body in options.bodies.values()):
        yield "receipt_reference needs {id} in the body: the gateway cannot tell what it was not told"


def _in_inbound(options: GatewayOptions) -> Iterator[str]:
    for name in ("inbound_id", "inbound_from", "inbound_to", "inbound_text", "inbound_hex", "inbound_coding"):
        yield from _misplaced(options, name, options.callbacks)
    needed = (options.inbound_id, options.inbound_from, options.inbound_text)
    said = (*needed, options.inbound_to, options.inbound_hex, options.inbound_coding)
    if any(said) and not all(needed):
        yield "inbound_id, inbound_from and inbound_text need each other"
    if bool(options.inbound_hex) != bool(options.inbound_coding):
        yield "inbound_hex and inbound_coding need each other"
    if options.one_callback_address and not (options.receipt_status and options.inbound_from):
        yield "one_callback_address needs receipt_status and inbound_from"
    if options.items_at and options.callbacks == "form":
        yield "items_at is for json and xml: a form has no lists"
    elif "@" in options.items_at:
        yield "items_at must be a path to entries, not to an attribute"
    else:
        yield from _misplaced(options, "items_at", options.callbacks)


def _in_the_balance(options: GatewayOptions) -> Iterator[str]:
    if bool(options.balance_path) != bool(options.balance_at):
        yield "balance_path and balance_at need each other"
    yield from _misplaced(options, "balance_at", options.balance_format or options.answer)


def _misplaced(options: GatewayOptions, name: str, kind: Kind, several: bool = False) -> Iterator[str]:
    written: str = getattr(options, name)
    places = [place.strip() for place in written.split(",")] if several else [written]
    like = next(filter(None, (misplaced(kind, place) for place in places)), None) if written else None
    if like:
        yield f"{name} must be {like}"


def _ambiguous(name: str, lists: Iterable[Words]) -> Iterator[str]:
    counted = Counter(word for words in lists for word in words)
    yield from (f"{name}: {word} has two meanings" for word, count in counted.items() if count > 1)
