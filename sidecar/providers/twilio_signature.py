"""How Twilio signs what it calls: X-Twilio-Signature, over the address and a form's fields."""

import hashlib
import hmac
import re
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackRefused, CallbackUnreadable, form_fields, header

_HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


def check_signature(callback: Callback, auth_token: SecretStr, shared_key: SecretStr | None = None) -> None:
    """Raise `CallbackRefused` unless Twilio signed this, with the account's token or, where Twilio says so, with
    the key that was set up for webhooks."""
    try:
        algorithm = _algorithm(header(callback, "X-Twilio-Webhooks-Signature-Settings"))
        secret = shared_key if shared_key and algorithm == "HMAC_SHA256" else auth_token
        given = header(callback, "X-Twilio-Signature").encode()
        fields = _signed_fields(callback)
        signatures = [_sign(url + fields, secret, algorithm) for url in _spellings(callback.url)]
        matches = [hmac.compare_digest(given, signature) for signature in signatures]
    except (ValueError, CallbackUnreadable) as error:
        raise CallbackRefused(f"unsound callback: {error}") from error
    if not any(matches):
        raise CallbackRefused("the signature does not match")


def _algorithm(settings: str) -> str:
    named = re.search(r"(?:^|,)\s*algorithm\s*=\s*(\w+)", settings)
    algorithm = named[1].upper() if named else "HMAC_SHA1"
    if algorithm not in _HASHES:
        raise ValueError(f"signed with {algorithm}")
    return algorithm


def _sign(text: str, secret: SecretStr, algorithm: str) -> bytes:
    return b64encode(hmac.digest(secret.get_secret_value().encode(), text.encode(), _HASHES[algorithm]))


def _signed_fields(callback: Callback) -> str:
    """What Twilio signs after the address: a form's fields, of any other body nothing but its hash, which is
    in the address. Raises ValueError when the hash is missing or wrong."""
    if not callback.body:
        return ""
    if header(callback, "Content-Type").lower().startswith("application/x-www-form-urlencoded"):
        fields = form_fields(callback)
        return "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    claimed = parse_qs(urlsplit(callback.url).query).get("bodySHA256", [""])[0]
    if not hmac.compare_digest(claimed.encode(), hashlib.sha256(callback.body).hexdigest().encode()):
        raise ValueError("the body is not the one of bodySHA256")
    return ""


def _spellings(url: str) -> set[str]:
    """The address without a port and with one, the default if need be: Twilio signs now one, now the other."""
    scheme, _, rest = url.partition("//")
    netloc = urlsplit(url).netloc
    bare = re.sub(r":\d*$", "", netloc)
    default = "443" if scheme == "https:" else "80"
    hosts = (bare, netloc if netloc != bare else f"{bare}:{default}")
    return {f"{scheme}//{host}{rest.removeprefix(netloc)}" for host in hosts}
