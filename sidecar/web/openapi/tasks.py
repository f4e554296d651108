"""What the shop is to write into its own books, described."""

from sidecar.web.api.parts import ShopApi
from sidecar.web.api.tasks import Failure, TaskQuery
from sidecar.web.openapi.words import (
    MOMENT,
    READING,
    TEXT,
    WHOLE,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    path_parameter,
    query_parameters,
    ref,
)


def paths(_api: ShopApi) -> Json:
    which, one = path_parameter("task_id"), ref("Task")
    page = object_of({"tasks": {"type": "array", "items": one}})
    failing = (*WITH_BODY, "bad_field", "unknown_task")
    again = "It comes again after a while, and stays as `failed` after many tries."
    stays = (
        "A task stays until it is reported as done: its `id` tells whether it was seen before. Who gets it has two "
        "minutes; then it may be given to another, such as the sidecar, which writes by the shop's keys and marks its "
        "notes with `<!-- id -->`."
    )
    return {
        "/api/v1/tasks": {
            "get": operation(
                "What waits to be written, oldest first",
                page,
                (*READING, "bad_field"),
                description=stays,
                parameters=query_parameters(TaskQuery),
            )
        },
        "/api/v1/tasks/{task_id}/done": {
            "post": operation("It is done", one, (*READING, "unknown_task"), parameters=[which])
        },
        "/api/v1/tasks/{task_id}/failed": {
            "post": operation(
                "It could not be done", one, failing, ref("Failure"), description=again, parameters=[which]
            )
        },
    }


def schemas() -> Json:
    task = {
        "id": TEXT,
        "kind": {
            "type": "string",
            "description": "`order_note`: write `note` on the order, and set `status` if given.",
        },
        "order_id": TEXT,
        "data": {"type": "object", "additionalProperties": True},
        "state": {"type": "string", "enum": ["waiting", "done", "failed"]},
        "attempts": WHOLE,
        "created_at": MOMENT,
        "due_at": MOMENT,
    }
    return {"Task": object_of(task), "Failure": asked(Failure)}
