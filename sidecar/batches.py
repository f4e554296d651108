"""Work in batches, and one by one when a batch fails: one bad row must not hold up the others."""

from collections.abc import Callable

import structlog

log = structlog.get_logger()


def work_through(work: Callable[[int], int], fail_oldest: Callable[[Exception], None], limit: int) -> int:
    """`work` does up to so many at once in one transaction and returns how many; `fail_oldest` puts the one
    that cannot be done aside, visibly. Returns how many were dealt with."""
    try:
        return work(limit)
    except Exception as error:
        log.warning("a batch failed and is done one by one", error=type(error).__name__)
    for done in range(limit):
        try:
            if not work(1):
                return done
        except Exception as error:
            log.exception("set aside: this one could not be worked on")
            fail_oldest(error)
    return limit


def explained(error: Exception) -> str:
    """For whoever finds it later."""
    return f"internal_error: {type(error).__name__}; replay it after an update, and report it if it fails again"
