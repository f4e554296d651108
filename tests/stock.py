"""What a shop shows of its stock."""

from collections.abc import Iterable

from sidecar.domain.backoffice import Found, ProductKey, ShopProblem


def all_shown(shown: Iterable[tuple[ProductKey, Found | ShopProblem]]) -> list[Found]:
    """Raises the first problem."""
    found = []
    for key, each in shown:
        if isinstance(each, ShopProblem):
            raise each
        assert each.key == ":".join(key)
        found.append(each)
    return found
