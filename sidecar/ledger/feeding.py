"""How the feeds of a shop fare: what it tells by itself, and what it is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sidecar.storage.polls import STATES, STOCK, WRITING
from sidecar.storage.types import AnyRow

PUSHED = ("plugin", "webhook")
_ASKED_AT_NEED = {STOCK, WRITING, STATES}
_LATE = timedelta(hours=1)
_REMEMBERED = timedelta(days=7)

Verdict = Literal["good", "doubt", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """`heard_at`: when it last went well. `problem`: the code of the last that did not, at `problem_at`, for a week
    even where all is well again; `detail`: the same in English, where more is known. `late_since`: when it should have
    been asked."""

    name: str
    verdict: Verdict
    is_asked: bool = False
    heard_at: datetime | None = None
    problem: str = ""
    problem_at: datetime | None = None
    detail: str = ""
    late_since: datetime | None = None


def health_of(feeds: Sequence[AnyRow], errands: Sequence[AnyRow], now: datetime) -> list[FeedHealth]:
    """Those that push first, told of even where nothing ever came by them."""
    return [_recent(feed, now) for feed in (*_pushed(feeds), *(_asked(row, now) for row in errands))]


def _recent(feed: FeedHealth, now: datetime) -> FeedHealth:
    """What went wrong long ago is of no use any more, unless it still does."""
    is_old = feed.problem_at is not None and feed.problem_at < now - _REMEMBERED and feed.verdict != "bad"
    return replace(feed, problem="", problem_at=None, detail="") if is_old else feed


def _pushed(feeds: Sequence[AnyRow]) -> Iterator[FeedHealth]:
    told = {feed.source: feed for feed in feeds}
    for source in dict.fromkeys((*PUSHED, *told)):
        feed = told.get(source)
        yield _told(feed) if feed else FeedHealth(source, "quiet")


def _told(feed: AnyRow) -> FeedHealth:
    accepted, refused = feed.last_accepted_at, feed.last_refused_at
    is_refused = bool(refused) and (not accepted or refused > accepted)
    return FeedHealth(
        feed.source,
        "bad" if is_refused else "good",
        heard_at=accepted,
        problem=feed.last_problem,
        problem_at=refused,
    )


def _asked(row: AnyRow, now: datetime) -> FeedHealth:
    is_late = row.errand not in _ASKED_AT_NEED and row.due_at < now - _LATE
    return FeedHealth(
        row.errand,
        "bad" if row.problem else "doubt" if is_late else "good" if row.good_at else "quiet",
        is_asked=True,
        heard_at=row.good_at,
        problem=row.last_problem,
        problem_at=row.last_problem_at,
        detail=row.last_detail,
        late_since=row.due_at if is_late else None,
    )
