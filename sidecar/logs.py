"""Structured logs that cannot tell what they must not: the logger itself masks numbers and drops texts."""

import logging
import re
import sys
from typing import Any

import structlog

from sidecar.domain.masking import mask_numbers

_FORBIDDEN = re.compile(r"secret|token|password|api_key|authorization|signature|^text$|^body$|^options$", re.IGNORECASE)
_SAFE_KEYS = frozenset(
    {"timestamp", "level", "event_id", "message_id", "inbox_id", "order_id", "shop_id", "account_id"}
)


def _guard(_logger: Any, _method: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _guarded(key, value) for key, value in entry.items()}


def _guarded(key: str, value: Any) -> Any:
    if _FORBIDDEN.search(key):
        return "[hidden]"
    if isinstance(value, dict):
        return {inner: _guarded(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_guarded(key, item) for item in value]
    if isinstance(value, str) and key not in _SAFE_KEYS:
        return mask_numbers(value)
    return value


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
    for chatty, enough in (("apscheduler", "ERROR"), ("urllib3", "WARNING"), ("alembic", "WARNING")):
        logging.getLogger(chatty).setLevel(enough)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
