"""Work in batches, and one by one when a batch fails: one bad row must not hold up the others."""

from collections.abc import Callable

import structlog

log = structlog.get_logger()


def work_through(work: Callable[[int], int], work_one: Callable[[], int], limit: int) -> int:
    """`work` does up to so many at once in one transaction and returns how many; `work_one` does the oldest
    alone, and puts it aside, visibly, if it cannot be done. Returns how many were dealt with."""
    try:
        return work(limit)
    except Exception as error:
        log.warning("a batch failed and is done one by one", error=type(error).__name__)
    for done in range(limit):
        if not work_one():
            return done
    return limit


def explained(error: Exception) -> str:
    """For whoever finds it later."""
    return f"internal_error: {type(error).__name__}; replay it after an update, and report it if it fails again"
