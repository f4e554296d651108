"""How a wish is refused that somebody may put right and say again."""

from collections.abc import Mapping


class Refused(Exception):
    """`code` is stable; the text is a sentence saying what to do. `problems` are such sentences by what they are
    about: a field, a setting, or a fault of a text."""

    def __init__(self, code: str, sentence: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.problems = dict(problems or {})
