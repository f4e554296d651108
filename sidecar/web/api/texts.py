"""The shop's own texts: written and submitted here, approved by the operator only."""

from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from sidecar.catalog.submission import Finding
from sidecar.domain.shop import Locale, Word
from sidecar.keeping.approval import LONGEST_TEXT, USUAL_VALIDITY_HOURS, Draft
from sidecar.storage.texts import OwnText
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi

T = TypeVar("T")

Written = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")]
State = Annotated[str, Field(pattern=r"^(draft|submitted|approved|refused|replaced)$")]


class NewText(Asked):
    """`key`: of the catalogue, to say the same in words of the shop's own, or another. `validity_hours` is for the
    latter: after that the text is of no use any more."""

    key: Word
    locale: Locale
    text: Written
    category: Annotated[str, Field(max_length=20)] = ""
    validity_hours: Annotated[int, Field(ge=1, le=168)] = USUAL_VALIDITY_HOURS


class TextChange(Asked):
    text: Written


class TextQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: State | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/texts")
    def list_texts() -> Response:
        asked = asking.checked(TextQuery, request.args.to_dict())
        return as_json({"texts": [_shown(text) for text in api.approval.several(the_shop(), asked.state)]})

    @bp.post("/texts")
    def draft_text() -> Response:
        asked = asking.checked(NewText, asking.json_body())
        return as_json(_shown(api.approval.draft(the_shop(), Draft(**asked.model_dump()))), 201)

    @bp.get("/texts/<text_id>")
    def text(text_id: str) -> Response:
        found, findings = api.approval.find(text_id, the_shop())
        filled = findings.preview
        preview = filled and {"text": filled.text, "encoding": filled.encoding, "segments": filled.segments}
        told = {"refusals": _list(findings.refusals), "remarks": _list(findings.flags), "preview": preview}
        return as_json({**_shown(found), **told})

    @bp.patch("/texts/<text_id>")
    def change_text(text_id: str) -> Response:
        asked = asking.checked(TextChange, asking.json_body())
        return as_json(_shown(api.approval.change(the_shop(), text_id, asked.text)))

    @bp.post("/texts/<text_id>/submit")
    def submit_text(text_id: str) -> Response:
        return as_json(_shown(api.approval.submit(the_shop(), text_id)))


def _list(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{"code": finding.code, "sentence": finding.sentence} for finding in findings]


def _shown(text: OwnText) -> dict[str, Any]:
    return {
        "id": text.id,
        "key": text.key,
        "locale": text.locale,
        "category": text.category,
        "validity_hours": text.validity_hours,
        "text": text.text,
        "state": text.state,
        "reason": text.reason,
        "flags": text.flags,
        "created_at": text.created_at,
        "submitted_at": text.submitted_at,
        "decided_at": text.decided_at,
    }
