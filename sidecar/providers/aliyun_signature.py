"""How Alibaba Cloud wants requests signed: ACS3-HMAC-SHA256."""

import hashlib
import hmac
from collections.abc import Mapping

_SCHEME = "ACS3-HMAC-SHA256"


def authorization(key_id: str, secret: str, query: str, headers: Mapping[str, str]) -> str:
    """The header that signs a POST to "/", by its sorted query and all `headers`, names in lower case: of the body
    it takes the x-acs-content-sha256 among them."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", query, lines, names, headers["x-acs-content-sha256"]))
    to_sign = f"{_SCHEME}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()
    return f"{_SCHEME} Credential={key_id},SignedHeaders={names},Signature={signature}"
