"""Structured logs that cannot tell what they must not: the logger itself masks numbers and drops texts."""

import logging
import re
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog

from sidecar.domain.masking import mask_numbers

_HIDDEN = "[hidden]"
_FORBIDDEN = re.compile(
    r"secret|token|password|[-_]key$|authorization|signature|cookie|^(text|body|options)$", re.IGNORECASE
)
_SECRETS_IN_TEXT = re.compile(
    r"(?P<before>authorization\W+(?:bearer|basic)\s+|/callbacks/[^/\s]+/|\brct_|\bwhsec_|://[^/\s:@]*:)"
    r"[^\s/@]+(?:/[^\s/@]*==?)?",
    re.IGNORECASE,
)
_SAFE_KEYS = frozenset(
    {"timestamp", "level", "event_id", "message_id", "inbox_id", "order_id", "shop_id", "account_id"}
)
_LARGEST_COUNT = 9_999_999


def _guard(_logger: Any, _method: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _guarded(key, value) for key, value in entry.items()}


def _guarded(key: str, value: Any) -> Any:
    """The value as far as it may be told. What is not a plain value is named by its type only: nobody can
    promise what its representation holds."""
    if _FORBIDDEN.search(key):
        return _HIDDEN
    if isinstance(value, dict):
        return {_readable(str(inner)): _guarded(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_guarded(key, item) for item in value]
    if isinstance(value, str) and key in _SAFE_KEYS:
        return value
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | float():
            return value
        case int() if abs(value) <= _LARGEST_COUNT:
            return value
        case str() | int() | Path() | Decimal() | datetime():
            return _readable(str(value))
        case BaseException():
            return _readable(f"{type(value).__name__}: {value}")
    return f"<{type(value).__name__}>"


def _readable(text: str) -> str:
    return mask_numbers(_SECRETS_IN_TEXT.sub(lambda found: found["before"] + _HIDDEN, text))


def configure(level: str, json_lines: bool | None = None) -> None:
    """JSON lines unless standard error is a terminal. Also takes in what libraries log."""
    as_json = not sys.stderr.isatty() if json_lines is None else json_lines
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=True)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _guard,
                renderer,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # A log call with wrong arguments would be printed with all of them, past the guard.
    logging.raiseExceptions = False
    for chatty, enough in (("apscheduler", "ERROR"), ("urllib3", "WARNING"), ("alembic", "WARNING")):
        logging.getLogger(chatty).setLevel(enough)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
