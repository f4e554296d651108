"""How much somebody has been texted lately."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recent:
    """Texts to one number that left or are to leave: in the last hour, day, and (marketing only) week; and the
    texts of the last minute themselves."""

    hour: int = 0
    day: int = 0
    week_marketing: int = 0
    texts: frozenset[str] = frozenset()
