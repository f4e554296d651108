"""Request bodies, whole or refused."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge


def read_body(limit: int) -> bytes:
    """At most `limit` bytes. Raises `RequestEntityTooLarge`."""
    # A body that comes in chunks is cut off at the limit without a word: one byte more tells.
    request.max_content_length = limit + 1
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body
