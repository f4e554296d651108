"""Just enough HTTP/1.1 to tell where a message ends and what it says."""

HEAD_END = b"\r\n\r\n"
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_SUCCESS = range(200, 300)
_LENGTH = b"\r\ncontent-length:"


def message_length(data: bytes) -> int:
    """How many bytes the first message in `data` takes, 0 while it is not all there."""
    head_end = data.find(HEAD_END)
    if head_end < 0:
        return 0
    head = data[: head_end + 2].lower()
    length_at = head.find(_LENGTH)
    if length_at >= 0:
        value_at = length_at + len(_LENGTH)
        total = head_end + 4 + int(head[value_at : head.index(b"\r\n", value_at)])
        return total if len(data) >= total else 0
    if b"\r\ntransfer-encoding: chunked" in head:
        return data.find(_LAST_CHUNK, head_end + 2) + len(_LAST_CHUNK) if _LAST_CHUNK in data[head_end + 2 :] else 0
    return head_end + 4


def body_of(message: bytes) -> bytes:
    return message[message.find(HEAD_END) + 4 :]


def status_of(response: bytes) -> int:
    return int(response[9:12])


def succeeded(status: int) -> bool:
    return status in _SUCCESS


def closes(response: bytes) -> bool:
    """Whether the server will close the connection after this response."""
    return b"\r\nconnection: close" in response[: response.find(HEAD_END)].lower()


def response(status: int, reason: str, body: bytes, content_type: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1") + body
