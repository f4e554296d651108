"""When to try again."""

from datetime import timedelta

FIRST_DELAYS = (1.0, 30.0, 300.0)
LONGEST_DELAY = 3600.0
JITTER = 0.2
LONGEST_ASKED = 7 * 86_400.0


def retry_delay(attempts: int, jitter: float, retry_after: float | None = None) -> timedelta:
    """The wait after the given number of failed attempts (1 or more). `jitter` in [0, 1) spreads it by up
    to a fifth, so that messages which failed together do not come back together; a provider's
    `retry_after` in seconds is never undercut."""
    if attempts <= len(FIRST_DELAYS):
        planned = FIRST_DELAYS[attempts - 1]
    else:
        doublings = min(attempts - len(FIRST_DELAYS), 10)
        planned = min(FIRST_DELAYS[-1] * 2**doublings, LONGEST_DELAY)
    asked = min(retry_after or 0.0, LONGEST_ASKED)
    return timedelta(seconds=max(planned, asked) * (1 + JITTER * jitter))


LOOK_UP_DELAYS = (5.0, 10.0, 20.0, 30.0, 60.0, 300.0, 900.0)
LOOK_UP_GRACE = timedelta(seconds=30)


def look_up_delay(checks: int) -> timedelta:
    """The wait before asking a provider again, after the given number of look-ups."""
    return timedelta(seconds=LOOK_UP_DELAYS[min(checks, len(LOOK_UP_DELAYS) - 1)])
