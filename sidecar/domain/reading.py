"""What a connector makes of a delivery that is not an event."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing of ours; `reason` in a few words."""

    reason: str


class Unreadable(Exception):
    """Not understood: `code` is stable, the sentence says what was wrong and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
