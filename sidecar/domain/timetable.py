"""What is done by the clock."""

from collections.abc import Callable

Timetable = list[tuple[float, Callable[[], object]]]
"""Seconds between runs, and what to do."""
