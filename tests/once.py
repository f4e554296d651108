"""What is the same for every application of a test run is made once."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def remember_routes() -> None:
    """Werkzeug writes and compiles two functions for each route of each application, which takes as long as all the
    rest of making one. They follow from the route alone."""
    make: Callable[[Rule, bool], Any] = Rule._compile_builder
    known: dict[object, Any] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), repr(rule.defaults), tuple(sorted(rule.arguments)), append_unknown)
        if key not in known:
            known[key] = make(rule, append_unknown)
        return known[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
