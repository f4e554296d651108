"""What each text of the catalogue is called and is for, in words for people."""

from sidecar.catalog.kinds import kinds
from sidecar.web.admin.language import _, _later

NAMES = {
    "order_placed": _later("New order"),
    "order_pending": _later("Waiting for payment"),
    "order_processing": _later("Being prepared"),
    "order_on_hold": _later("On hold"),
    "order_payment_review": _later("Payment under review"),
    "order_completed": _later("Completed"),
    "order_cancelled": _later("Cancelled"),
    "order_refunded": _later("Refunded"),
    "order_part_refunded": _later("Refunded in part"),
    "order_failed": _later("Payment failed"),
    "order_status": _later("Any other status"),
    "order_shipped": _later("Parcel sent"),
    "out_for_delivery": _later("Out for delivery"),
    "delivery_exception": _later("Delivery delayed"),
    "ready_for_pickup": _later("Ready to be picked up"),
    "delivered": _later("Parcel delivered"),
    "customer_note": _later("Note to the customer"),
    "confirm_order": _later("Order to be confirmed"),
}
"""Of those that tell of an order."""

_OTHER_NAMES = {
    "information_needed": _later("Something is missing"),
    "product_available": _later("Product is back"),
    "alert_confirm_link": _later("Alert to be confirmed by a link"),
    "alert_confirm_code": _later("Alert to be confirmed by a code"),
    "alert_confirmed": _later("Alert is set"),
    "one_time_code": _later("One-time code"),
    "return_approved": _later("Return approved"),
    "staff_new_order": _later("New order, to your staff"),
    "birthday": _later("Birthday"),
    "new_product": _later("New product"),
    "opted_out": _later("No more texts"),
    "opted_in": _later("Texts again"),
    "order_confirmed_reply": _later("Thanks for confirming an order"),
    "order_cancel_reply": _later("Answer to who calls an order off"),
    "subscribed": _later("News are set"),
    "confirm_marketing": _later("News to be confirmed"),
    "help_reply": _later("Help"),
    "test_message": _later("Test text"),
    "free_text": _later("Words written by hand"),
}

_PURPOSES = {
    "order_placed": _later("Thanks a customer for a new order."),
    "order_pending": _later("Tells a customer that an order waits for payment."),
    "order_processing": _later("Tells a customer that an order is being prepared."),
    "order_on_hold": _later("Tells a customer that an order rests for the moment."),
    "order_completed": _later("Tells a customer that an order is complete."),
    "order_cancelled": _later("Tells a customer that an order was cancelled."),
    "order_refunded": _later("Tells a customer that an order was refunded."),
    "order_part_refunded": _later("Tells a customer that a part of an order was refunded, and how much."),
    "order_failed": _later("Tells a customer that a payment did not go through."),
    "order_payment_review": _later("Tells a customer that a payment is being checked."),
    "order_status": _later("Tells a customer of any other status of an order."),
    "order_shipped": _later("Tells a customer that a parcel is on its way, and how to follow it."),
    "out_for_delivery": _later("Tells a customer that a parcel arrives today."),
    "delivery_exception": _later("Tells a customer that a delivery is delayed."),
    "ready_for_pickup": _later("Tells a customer that an order can be picked up."),
    "delivered": _later("Asks a customer whether the parcel arrived well."),
    "information_needed": _later("Asks a customer for what an order lacks."),
    "customer_note": _later("Passes on a note that the shop wrote about an order."),
    "confirm_order": _later("Asks a customer to confirm or cancel an order by 1 or 2."),
    "product_available": _later("Tells who asked for it that a product is back."),
    "alert_confirm_link": _later("Asks by a link whether somebody really wants an alert."),
    "alert_confirm_code": _later("Asks by a code whether somebody really wants an alert."),
    "alert_confirmed": _later("Tells somebody that the alert is set."),
    "one_time_code": _later("Carries a code that proves a number."),
    "return_approved": _later("Tells a customer that a return is approved, and how to send it."),
    "staff_new_order": _later("Tells the shop's staff of a new order."),
    "birthday": _later("Wishes a customer a happy birthday."),
    "new_product": _later("Tells customers who agreed of a new product."),
    "opted_out": _later("Confirms that somebody gets no more texts."),
    "opted_in": _later("Confirms that somebody gets texts again."),
    "order_confirmed_reply": _later("Thanks a customer who confirmed an order."),
    "order_cancel_reply": _later("Answers a customer who called an order off."),
    "subscribed": _later("Confirms that somebody gets the shop's news."),
    "confirm_marketing": _later("Asks whether somebody wants the shop's news."),
    "help_reply": _later("Answers who asks for help."),
    "test_message": _later("Shows that texts arrive."),
}


def text_name(key: str) -> str:
    """A text of the shop's own is called as the shop called it."""
    return str(NAMES.get(key) or _OTHER_NAMES.get(key) or key.replace("_", " "))


def purpose(key: str, category: str) -> str:
    """In a sentence; a key that the catalogue does not have is a shop's own."""
    if key in kinds():
        return str(_PURPOSES[key])
    if category == "marketing":
        return _("A text of the shop's own that advertises.")
    return _("A text of the shop's own about an order.")
