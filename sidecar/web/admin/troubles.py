"""What is wrong with a shop, or with what was said of it, in the language of who reads."""

from sidecar.domain.refused import Refused
from sidecar.keeping.neighbours import STORE_CODES_NEEDED
from sidecar.keeping.opening import BAD_NAME, BAD_URL, KEYS_NEEDED, LONGEST_NAME, NAME_TAKEN
from sidecar.web.admin import language
from sidecar.web.admin.language import _, _later

_TROUBLES = {
    "redirected": _later("The shop's address leads on to another one, to which keys are not sent: write that one."),
    "blocked": _later("A firewall or the shop's host turned the request away."),
    "keys_refused": _later("The shop refused the keys: they are wrong, or lack a right."),
    "no_rest": _later("There is no REST interface at the shop's address."),
    "not_there": _later("The shop does not have this any more."),
    "shop_failing": _later("The shop is not well."),
    "refused": _later("The shop refused this."),
    "not_woocommerce": _later("Something else than WooCommerce answers at the shop's address."),
    "not_magento": _later("Something else than Magento answers at the shop's address."),
    "short_lived": _later("This token is that of an administrator, which ends within the hour: give an integration's."),
    "maintenance": _later("The shop is in maintenance mode."),
    "unknown_store": _later("The shop has no store view of this code."),
    "no_dates": _later("The shop does not tell when its orders changed."),
    "too_old": _later("The shop's WooCommerce is too old to be asked for changes: it needs 5.8 or later."),
    "undeliverable": _later("The shop cannot deliver to this sidecar's address."),
    "paused": _later("Somebody has paused webhooks in the shop, and they tell nothing."),
    "no_plugin": _later("The shop does not have our plugin, or it is switched off."),
    "plugin_refused": _later("The shop's plugin refused this sidecar: connect it anew."),
    "cannot_cancel": _later("The shop cannot cancel this order any more."),
    "address_refused": _later("The shop's address is in a network that this sidecar may not ask."),
    "unreachable": _later("The shop cannot be reached."),
    "no_answer": _later("The shop did not answer in time."),
    "no_keys": _later("The shop's keys are missing."),
    "moved": _later("The shop has just moved: it is asked at its new address the next time."),
    "taken_back": _later("This was taken back."),
    "stumbled": _later("Something went wrong here: the log says what."),
    "bad_signature": _later("The delivery's signature does not match the shop's secret."),
    "too_large": _later("The delivery was too large."),
}
_UNOPENED = {
    KEYS_NEEDED: _later(
        "The keys that are kept would go to another host: give that shop's keys, or tick that they are the same."
    ),
    BAD_URL: _later("That is no shop's address: write it as https://shop.example.org."),
    NAME_TAKEN: _later("There is a shop of that name already: choose another."),
    BAD_NAME: _later("Write a name of at most %(most)s letters."),
    STORE_CODES_NEEDED: _later(
        "Another shop is asked at the same Magento installation, which shows the orders of all its store views: say by "
        "their codes which store views are this shop, and at the other shop which are that one."
    ),
}


def trouble(code: str, told: str = "") -> str:
    """English, in which it was `told`, says more."""
    if told and language.current_code() == "en":
        return told
    return str(_TROUBLES[code]) if code in _TROUBLES else told or _("The reason given is: %(code)s.", code=code)


def unopened(refused: Refused) -> dict[str, str]:
    """Why a shop is not opened, or not given other keys, by field."""
    said = _UNOPENED.get(refused.code)
    return dict.fromkeys(refused.problems, str(said) % {"most": LONGEST_NAME}) if said else refused.problems
