"""What Twilio's error codes and status words mean."""

from sidecar.domain.status import MessageState
from sidecar.providers.base import Fault
from sidecar.providers.http_provider import by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: (20003,),
        Fault.ACCOUNT_SUSPENDED: (20005, 30002),
        # 21609 and 21626 blame the callback address: ours, and the same for every message of the account.
        Fault.MISCONFIGURED: (20404, 21609, 21626, 21703, 21704, 21705),
        Fault.THROTTLED: (14107, 20429, 21611, 30001, 30022, 30023, 30027, 63017, 63018, 63038),
        Fault.PROVIDER_DOWN: (20500, 20503),
        Fault.INVALID_NUMBER: (21211, 21217, 21614, 30005),
        Fault.LANDLINE: (30006,),
        Fault.UNROUTABLE: (21612,),
        Fault.REGION_NOT_ENABLED: (21408,),
        Fault.TRIAL_RESTRICTION: (21608, 63015),
        Fault.OPTED_OUT: (21610,),
        Fault.BLOCKED: (30004, 63014, 63033),
        Fault.FILTERED: (30007, 30450, 63026, 63032),
        Fault.SENDER_REFUSED: (
            *(21212, 21601, 21603, 21606, 21659, 21660, 21910, 30024, 30032, 30034),
            # The account's SMS goes on where only its WhatsApp sender is at fault.
            *(63001, 63002, 63007, 63008, 63020, 63022, 63051),
        ),
        Fault.CONTENT_REFUSED: (
            *(21602, 21617, 21618, 21620, 21623, 21624, 21657, 21658, 30019),
            *(63005, 63006, 63011, 63013, 63019, 63021, 63030, 63034),
        ),
        Fault.NOT_ON_WHATSAPP: (63003, 63024),
        Fault.WINDOW_CLOSED: (63016,),
        Fault.TEMPLATE_REFUSED: (21654, 21655, 21656, 63027, 63028, 63040, 63041, 63042),
        Fault.HANDSET_UNREACHABLE: (30003,),
        Fault.CARRIER_ERROR: (30008, 30017, 30410, 63009, 63010, 63012, 63023, 63029),
        Fault.EXPIRED: (30036,),
    }
)

STATE_OF_WORD = by_word(
    {
        MessageState.ACCEPTED: ("accepted", "scheduled", "queued", "sending"),
        MessageState.SENT: ("sent", "partially_delivered"),
        MessageState.DELIVERED: ("delivered",),
        MessageState.READ: ("read",),
        MessageState.UNDELIVERED: ("undelivered", "failed", "canceled"),
    }
)


def state_of(word: str, code: str) -> MessageState | None:
    state = STATE_OF_WORD.get(word)
    expired = state is MessageState.UNDELIVERED and FAULT_OF_CODE.get(code) is Fault.EXPIRED
    return MessageState.EXPIRED if expired else state


def reason_of(word: str, code: str) -> str:
    if STATE_OF_WORD.get(word) is not MessageState.UNDELIVERED:
        return ""
    if word == "canceled":
        return Fault.CANCELLED.value
    if fault := FAULT_OF_CODE.get(code):
        return fault.value
    return f"error_{code}" if code.isascii() and code.isdigit() else ""
