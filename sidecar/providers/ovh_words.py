"""What OVHcloud's error codes and receipts mean."""

from sidecar.domain.status import MessageState
from sidecar.providers.base import Fault
from sidecar.providers.http_provider import by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: "NOT_GRANTED_CALL NOT_CREDENTIAL INVALID_KEY INVALID_CREDENTIAL FORBIDDEN",
        Fault.MISCONFIGURED: "QUERY_TIME_OUT",
    }
)

# "Premium transaction tracking": OVH's list is longer, and says so.
STATE_OF_PTT = by_word(
    {
        # The last one is OVH's "we shall never know": the message left, and that is all one can say.
        MessageState.SENT: "1 2 3 6",
        MessageState.DELIVERED: "4",
        MessageState.EXPIRED: "8",
        MessageState.UNDELIVERED: "5 20 21 23 24 25 26 27 28 29 33 39 73 74 76 202",
    }
)
# What a callback says besides, for codes that are not in the list: failed, and failed without a charge.
STATE_OF_DLR = by_word({MessageState.UNDELIVERED: "2 16"})
FAULT_OF_PTT = by_word(
    {
        Fault.EXPIRED: "8",
        Fault.INVALID_NUMBER: "23",
        Fault.HANDSET_UNREACHABLE: "24 26 27 74",
        Fault.CARRIER_ERROR: "20 25 39",
        Fault.FILTERED: "28",
        Fault.CONTENT_REFUSED: "29",
        Fault.BLOCKED: "33 76 202",
        Fault.UNROUTABLE: "21 73",
    }
)


def reason_of(ptt: str, state: MessageState | None) -> str:
    if state not in (MessageState.UNDELIVERED, MessageState.EXPIRED):
        return ""
    if fault := FAULT_OF_PTT.get(ptt):
        return fault.value
    return f"ptt_{ptt}" if ptt.isascii() and ptt.isdigit() else ""
