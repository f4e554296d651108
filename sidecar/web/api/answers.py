"""What all parts of the API share: whose request it is, and how it is answered."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import orjson
from flask import Response, g

from sidecar.catalog import reasons
from sidecar.domain.shop import Shop
from sidecar.ledger import reports
from sidecar.storage.types import AnyRow
from sidecar.web.api.refusals import Refusal
from sidecar.web.throttle import TokenBuckets


def the_shop() -> Shop:
    shop: Shop = g.shop
    return shop


def take(allowance: TokenBuckets) -> None:
    if wait := allowance.take(the_shop().id):
        raise Refusal("too_many_requests", headers={"Retry-After": str(ceil(wait))})


def shown(message: AnyRow) -> dict[str, Any]:
    """A message as the shop sees it, with the reason in the shop's language."""
    why = reasons.sentence(message.reason, the_shop().settings.locale) if message.reason else ""
    return {**reports.as_json(message), "explanation": why}


def as_json(data: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(data), status, dict(headers or {}), content_type="application/json")
