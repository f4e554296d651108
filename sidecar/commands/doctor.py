"""`recado doctor`: what is wrong, in words, and what to do about it."""

import click

from sidecar.commands.support import Cli, pass_cli, show
from sidecar.diagnosis import Finding, Level, examine

_MARKS = {Level.GOOD: ("ok", "green"), Level.WARNING: ("look", "yellow"), Level.BAD: ("BAD", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_cli
def doctor(cli: Cli, as_json: bool) -> None:
    """Check settings, database, worker, clock, provider accounts, feeds and the public address."""
    findings = examine(cli.recado)
    if as_json:
        show(True, [{"check": f.check, "level": f.level.value, "finding": f.words, "do": f.advice} for f in findings])
    else:
        for finding in findings:
            _print(finding)
    if any(finding.level is Level.BAD for finding in findings):
        raise SystemExit(1)


def _print(finding: Finding) -> None:
    mark, colour = _MARKS[finding.level]
    click.echo(f"{click.style(mark.rjust(5), fg=colour)}  {finding.check}: {finding.words}")
    if finding.advice:
        click.echo(f"       -> {finding.advice}")
