"""What the shop is to write into its own books: its plugin asks for it, does it, and says so."""

from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from sidecar.storage import tasks
from sidecar.storage.types import AnyRow
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

PLUGIN = "plugin"


class TaskQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200)


class Failure(Asked):
    """Why it could not be done, for whoever looks."""

    reason: str = Field("", max_length=500)


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/tasks")
    def list_tasks() -> Response:
        asked = asking.checked(TaskQuery, request.args.to_dict())
        with api.database.write() as connection:
            rows = tasks.take(connection, the_shop().id, PLUGIN, api.clock(), asked.limit)
        return as_json({"tasks": [_shown(row) for row in rows]})

    @bp.post("/tasks/<task_id>/done")
    def done(task_id: str) -> Response:
        _find(api, task_id)
        with api.database.write() as connection:
            tasks.finish(connection, the_shop().id, task_id, api.clock())
        return as_json(_shown(_find(api, task_id)))

    @bp.post("/tasks/<task_id>/failed")
    def failed(task_id: str) -> Response:
        asked = asking.checked(Failure, asking.json_body())
        _find(api, task_id)
        with api.database.write() as connection:
            tasks.fail(connection, the_shop().id, task_id, asked.reason.replace("\0", ""), api.clock())
        return as_json(_shown(_find(api, task_id)))


def _find(api: ShopApi, task_id: str) -> AnyRow:
    with api.database.read() as connection:
        if row := tasks.find(connection, the_shop().id, task_id):
            return row
    raise Refusal("unknown_task")


def _shown(row: AnyRow) -> dict[str, Any]:
    told = ("id", "kind", "order_id", "data", "state", "attempts")
    moments = {name: getattr(row, name).isoformat() for name in ("created_at", "due_at")}
    return {**{name: getattr(row, name) for name in told}, **moments}
