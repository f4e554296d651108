"""Figures are summed up rightly, and processes measured and ended. Nothing here is timed."""

import json
from array import array
from pathlib import Path

import pytest

from . import procs, stats
from .report import Limit, Report, Row, at_least, below, none
from .twilio_process import fake_twilio


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert stats.summary(range(1, 101)) == {"p50": 50, "p95": 95, "p99": 99, "max": 100}


def test_events_are_joined_to_their_first_arrival() -> None:
    arrivals = [("m1", "+55", 13.0), ("m1", "+55", 12.5), ("m2", "+44", 1.0)]
    assert stats.event_to_provider({"+55": 10.0, "+33": 1.0}, arrivals) == array("d", [2.5])


def test_a_process_tree_is_measured_and_ended() -> None:
    with procs.running(["sh", "-c", "sleep 60 & sleep 60 & echo ready; wait"]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert len(procs.tree(process.pid)) == 3
        assert procs.pss_bytes(process.pid) > 100_000
        assert procs.cpu_seconds(process.pid) >= 0
    assert procs.tree(process.pid) == [process.pid]
    assert procs.pss_bytes(process.pid) == 0


def test_readiness_is_waited_for_and_given_up() -> None:
    with fake_twilio() as twilio:
        assert procs.wait_ready(twilio.url + "/stats", timeout=5) < 5
        with pytest.raises(procs.NotReady):
            procs.wait_ready(twilio.url + "/nowhere", timeout=0.1)


def test_a_process_that_ended_is_not_waited_for() -> None:
    with procs.running(["false"]) as process:
        process.wait()
        with pytest.raises(procs.NotReady, match="ended with 1"):
            procs.wait_ready(f"http://127.0.0.1:{procs.free_port()}/", process=process)


def test_a_row_shows_the_median_beside_target_and_limit(tmp_path: Path) -> None:
    report = Report("bench")
    report.add(Row("accepted", "/s", [900, 1500, 1200], at_least(1000), Limit("without storing", [2400])))
    report.add(Row("p99", "ms", [120.0], below(100)))
    report.show()
    report.write(tmp_path / "report.json")
    first, second = json.loads((tmp_path / "report.json").read_text())["rows"]
    assert (first["measured"], first["ratio"], first["verdict"], second["verdict"]) == (1200, 0.5, "met", "missed")
    assert not report.all_met


def test_what_must_not_happen_may_not_happen_once() -> None:
    assert Row("lost", "messages", [0, 0, 0], none()).met
    assert not Row("lost", "messages", [0, 0, 1], none()).met
