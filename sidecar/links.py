"""Links in texts: short, and good for one thing of ours only."""

import hmac
import re
from string import ascii_letters, digits

from sidecar.storage.fingerprints import Fingerprints

# Letters and digits alone: phones end a link before a dash or an underscore at its end.
_ALPHABET = digits + ascii_letters
_ID = re.compile(r"[a-z]{2,4}_([0-9a-f]{27})")
_ID_DIGITS, _PROOF_DIGITS = 27, 15
_LENGTH = 29


class Links:
    """`public_url` is where people reach the sidecar. A token holds the id it is for and 60 bits of proof, which
    nobody can make who does not have our key."""

    def __init__(self, fingerprints: Fingerprints, public_url: str) -> None:
        self._fingerprints = fingerprints
        self._public_url = public_url

    def to(self, purpose: str, our_id: str) -> str:
        """The address of a page. `purpose` is the first part of its path."""
        return f"{self._public_url}/{purpose}/{self.token(purpose, our_id)}"

    def token(self, purpose: str, our_id: str) -> str:
        match = _ID.fullmatch(our_id)
        if not match:
            raise ValueError(f"{our_id!r} is no id of ours")
        return _written(int(match[1] + self._proof(purpose, match[1]), 16))

    def read(self, purpose: str, prefix: str, token: str) -> str | None:
        """The id that a token is for, if we made it for this purpose."""
        if len(token) != _LENGTH or not set(token) <= set(_ALPHABET):
            return None
        told = f"{_number(token):042x}"
        id_digits, proof = told[:_ID_DIGITS], told[_ID_DIGITS:]
        if not hmac.compare_digest(proof, self._proof(purpose, id_digits)):
            return None
        return f"{prefix}_{id_digits}"

    def _proof(self, purpose: str, id_digits: str) -> str:
        return self._fingerprints.of("link", purpose, id_digits)[:_PROOF_DIGITS]


def _written(number: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[at])
    return "".join(reversed(letters))


def _number(token: str) -> int:
    number = 0
    for letter in token:
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    return number
