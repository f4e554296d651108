"""Writing into the shop's own books: a note on an order, and its status."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from connectors.woocommerce.payload import clean_status
from connectors.woocommerce.rest import Rest
from sidecar.domain.backoffice import ToldState, Writing

STATES_META = "_recado_messages"
_PAST = frozenset({"completed", "cancelled", "refunded", "failed", "trash"})
"""Where a shop has brought an order to its end, no answer of the customer's takes it back."""


class Scribe:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def write(self, writing: Writing) -> None:
        """The status first and the note last: where the note is, all has been done."""
        order = f"orders/{int(writing.order_id)}"
        if writing.again and self._is_noted(order, writing.mark):
            return
        if writing.status:
            self._bring_to(order, clean_status(writing.status))
        # A comment shows nowhere, and tells this note from others in the same words.
        note = f"{writing.note}<!-- {writing.mark} -->"
        self._rest.post(f"{order}/notes", {"note": note, "customer_note": False})

    def show_states(self, order_id: str, states: Sequence[ToldState]) -> None:
        """As the order's own hidden field, which REST and exports show."""
        value = [asdict(state) for state in states]
        self._rest.put(f"orders/{int(order_id)}", {"meta_data": [{"key": STATES_META, "value": value}]})

    def _is_noted(self, order: str, mark: str) -> bool:
        notes: list[dict[str, Any]] = self._rest.get_list(f"{order}/notes", {"per_page": "100"})
        return any(mark in str(note.get("note")) for note in notes)

    def _bring_to(self, order: str, wanted: str) -> None:
        now = clean_status(self._rest.get_object(order, {"_fields": "status"}).get("status"))
        if now != wanted and now not in _PAST:
            self._rest.put(order, {"status": wanted})
