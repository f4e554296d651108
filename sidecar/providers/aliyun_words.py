"""What Alibaba's codes and states mean."""

import re

from sidecar.domain.status import MessageState
from sidecar.providers.base import Fault
from sidecar.providers.http_provider import by_word

# Codes of answers and of receipts, without the "isv." or "isp." of most and what follows in the others' families.
FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: "RAM_PERMISSION_DENY RAM_CHECK_FAILED ACCOUNT_NOT_EXISTS SignatureDoesNotMatch InvalidAccessKeyId",
        Fault.ACCOUNT_SUSPENDED: "ACCOUNT_ABNORMAL",
        Fault.NO_CREDIT: "AMOUNT_NOT_ENOUGH OUT_OF_SERVICE BILLING_DEDUCTION_ERROR",
        # The daily and the monthly limit are the operator's own, and only the operator can lift them. The mainland
        # is closed to requests from addresses elsewhere.
        Fault.MISCONFIGURED: "DAY_LIMIT_CONTROL MONTH_LIMIT_CONTROL DENY_IP_RANGE PRODUCT_UN_SUBSCRIPT"
        " PRODUCT_UNSUBSCRIBE InvalidTimeStamp",
        Fault.THROTTLED: "BUSINESS_LIMIT Throttling",
        Fault.PROVIDER_DOWN: "ServiceUnavailable",
        Fault.INVALID_NUMBER: "MOBILE_NUMBER_ILLEGAL INVALID_NUMBER",
        Fault.REGION_NOT_ENABLED: "NOT_SUPPORTED_COUNTRY COUNTRY_RESTRICTED DOMESTIC_NUMBER_NOT_SUPPORTED",
        Fault.SENDER_REFUSED: "SMS_SIGNATURE_ILLEGAL SMS_SIGN_ILLEGAL SMS_SIGNATURE_SCENE_ILLEGAL SIGN_STATE_ILLEGAL"
        " EXTEND_CODE_ERROR SIGNATURE_BLACKLIST PORT_NOT_REGISTERED",
        Fault.TEMPLATE_REFUSED: "SMS_TEMPLATE_ILLEGAL TEMPLATE_MISSING_PARAMETERS INVALID_JSON_PARAM"
        " PARAM_LENGTH_LIMIT PARAM_NOT_SUPPORT_URL",
        Fault.CONTENT_REFUSED: "BLACK_KEY_CONTROL_LIMIT SMS_CONTENT_ILLEGAL CONTENT_ERROR",
        Fault.FILTERED: "CONTENT_KEYWORD MOBILE_SEND_LIMIT",
        Fault.BLOCKED: "MOBILE_IN_BLACK",
        Fault.OPTED_OUT: "USER_REJECT",
        Fault.UNROUTABLE: "NO_ROUTE MOBILE_ACCOUNT_ABNORMAL",
        # The misspelling is Alibaba's.
        Fault.HANDSET_UNREACHABLE: "MOBILE_NOT_ON_SERVICE MOBLLE_TERMINAL_ERROR",
        Fault.CARRIER_ERROR: "SP_UNKNOWN_ERROR IS_CLOSE",
    }
)
UNCLEAR = ("isp.", "InternalError", "SignatureNonceUsed", "OK")
"""Alibaba's own faults do not say how far it had come. A nonce that was used before was this request's, which came
through. And OK is no error."""

STATE_OF_SUCCESS = {True: MessageState.DELIVERED, False: MessageState.UNDELIVERED, None: None}
STATE_OF_STATUS = {1: MessageState.ACCEPTED, 2: MessageState.UNDELIVERED, 3: MessageState.DELIVERED}

_NO_RECEIPT_CAME = "REQUEST_SUCCESS"


def fault_of(code: str) -> Fault | None:
    """Alibaba tells several limits apart by what follows their name. Under "isv" the caller is at fault, and nothing
    was sent."""
    plain = re.sub(r"^is[vp]\.|(?<=BUSINESS_LIMIT)_.*|\..*", "", code)
    return FAULT_OF_CODE.get(plain) or (Fault.REFUSED if code.startswith("isv.") else None)


def is_limit_of_a_number(code: str) -> bool:
    """One number had its share for the minute, the hour or the day."""
    return "BUSINESS_LIMIT" in code


def told(word: str, state: MessageState | None) -> tuple[MessageState | None, str]:
    """The state and its reason. Where no carrier ever answered Alibaba, all one can say is that the message left."""
    if word == _NO_RECEIPT_CAME:
        return MessageState.SENT, ""
    fault = fault_of(word) if state is MessageState.UNDELIVERED else None
    return state, fault.value if fault else ""
