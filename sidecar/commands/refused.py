"""How a command says no."""

import click


class Refused(click.ClickException):
    """A wish that cannot be granted: a stable code, and a sentence saying what to do."""

    exit_code = 2

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code

    def format_message(self) -> str:
        return f"[{self.code}] {self.message}"
