"""Writing into a Magento store's books: a comment on an order, and its status."""

from collections.abc import Mapping

from connectors.magento.rest import REFUSED, Rest, Row, objects
from connectors.reading.text import clean, object_or_empty
from sidecar.domain.backoffice import ShopProblem, Writing

_PAST = frozenset({"complete", "closed", "canceled"})
"""States in which no answer of the customer's changes an order."""
_CANCELLED = "canceled"


class Scribe:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def write(self, writing: Writing) -> None:
        """The comment comes last: where it is, all has been done. It is told to nobody: with a customer to notify and
        mail that does not work, Magento answers 400 and has saved it all the same."""
        order = f"orders/{int(writing.order_id)}"
        if writing.again and self._is_noted(order, writing.mark):
            return
        now = object_or_empty(self._rest.get(order))
        status = self._brought_to(order, now, clean(writing.status, 64).lower())
        # A comment in the comment is shown to nobody, and tells this one from others in the same words.
        told = {
            "comment": f"{writing.note}<!-- {writing.mark} -->",
            "parent_id": int(writing.order_id),
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
        }
        self._comment(order, told, status, is_new=status != now.get("status"))

    def _comment(self, order: str, told: Mapping[str, object], status: str, *, is_new: bool) -> None:
        """Older versions take a status from an order whose comment names none. Newer ones refuse the very status an
        order has, where another program has given it one of another state."""
        try:
            self._rest.post(f"{order}/comments", {"statusHistory": {**told, "status": status}})
        except ShopProblem as problem:
            if is_new or problem.code != REFUSED:
                raise
            self._rest.post(f"{order}/comments", {"statusHistory": told})

    def _is_noted(self, order: str, mark: str) -> bool:
        told = object_or_empty(self._rest.get(f"{order}/comments"))
        return any(mark in str(each.get("comment")) for each in objects(told.get("items")))

    def _brought_to(self, order: str, now: Row, wanted: str) -> str:
        """The status that the comment is to carry. One of another state is refused by the shop, and so is known."""
        status, state = clean(now.get("status"), 64), clean(now.get("state"), 64)
        if not wanted or wanted == status or state in _PAST:
            return status
        if wanted != _CANCELLED:
            return wanted
        # 200 and `false` is how Magento says that it cannot.
        if self._rest.post(f"{order}/cancel", {}) is not True:
            raise ShopProblem("cannot_cancel", "The shop cannot cancel this order any more.", hopeless=True)
        return _CANCELLED
