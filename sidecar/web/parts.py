"""What the web process works with, built once and handed to every blueprint."""

from collections.abc import Callable
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from sidecar.metrics import Counters
from sidecar.providers.base import Provider
from sidecar.storage.group_commit import GroupCommit, WriterStopped
from sidecar.web.problems import Problem
from sidecar.web.remembered import Remembered
from sidecar.web.tally import FeedTally


@dataclass(frozen=True)
class WebParts:
    writer: GroupCommit
    tally: FeedTally
    counters: Counters
    clock: Callable[[], datetime]
    new_id: Callable[[str, datetime], str]
    webhook_secret: Remembered[str]
    events_secret: Remembered[str]
    callback_token: Remembered[str]
    provider_of: Callable[[str], Provider]
    public_url: str

    def store(self, table: Table, row: dict[str, Any]) -> None:
        """Return once the row is on disk; else refuse with 503, so that the other side keeps it."""
        try:
            self.writer.insert(table, row)
        except (SQLAlchemyError, WriterStopped, StillWaiting, OSError):
            raise Problem(503, "not_stored", "This could not be stored just now: please deliver it again.") from None

    def public_url_of(self, request: Request) -> str:
        """The address as the caller wrote it, which is what signatures cover."""
        target = request.environ.get("RAW_URI") or request.full_path.removesuffix("?")
        return self.public_url + target
