"""The other end of every provider: takes whatever is sent, and answers as the vendor does.

`python -m tests.bench.provider_end` prints its port; each provider is under a path of its own name.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from tests.providers import test_infobip, test_octopush, test_ovh, test_plivo
from tests.providers.contract import MESSAGE, NOW
from tests.providers.http_contract import HttpProviderContract
from tests.providers.test_aliyun import TestAliyun
from tests.providers.test_gateway import TestJsonGateway
from tests.providers.test_twilio import TestTwilio
from tests.providers.test_vonage import TestTheSmsApi
from tests.providers.test_whatsapp_cloud import TestWhatsAppCloud
from tests.providers.test_zenvia import TestZenvia

from . import http1

MEASURED: dict[str, type[HttpProviderContract]] = {
    contract.kind: contract
    for contract in (
        *(TestAliyun, TestJsonGateway, test_infobip.TestInfobip, test_octopush.TestOctopush, test_ovh.TestOvh),
        *(test_plivo.TestPlivo, TestTwilio, TestTheSmsApi, TestWhatsAppCloud, TestZenvia),
    )
}
_OVH_CLOCK = "/auth/time"


def _infobip(body: bytes) -> object:
    [message] = json.loads(body)["messages"]
    told = (replace(MESSAGE, id=to["messageId"], to=f"+{to['to']}") for to in message["destinations"])
    return test_infobip.sent(*(test_infobip.taken("PENDING_ACCEPTED", one) for one in told))


def _octopush(body: bytes) -> object:
    return {**test_octopush.TestOctopush.accepted_body, "number_of_contacts": len(json.loads(body)["recipients"])}


def _ovh(body: bytes) -> object:
    receivers = json.loads(body)["receivers"]
    return test_ovh.report(list(range(1, len(receivers) + 1)), receivers)


def _plivo(body: bytes) -> object:
    numbers = json.loads(body)["dst"].split("<")
    return test_plivo.queued(*(f"{test_plivo.UUID[:-4]}{place:04}" for place, _ in enumerate(numbers)))


_ACCORDING_TO_THE_REQUEST: dict[str, Callable[[bytes], object]] = {
    "infobip": _infobip,
    "octopush": _octopush,
    "ovh": _ovh,
    "plivo": _plivo,
}


def answer(target: str, body: bytes) -> bytes:
    if target.endswith(_OVH_CLOCK):
        return json.dumps(int(NOW.timestamp())).encode()
    kind = urlsplit(target).path.split("/")[1]
    made = _ACCORDING_TO_THE_REQUEST.get(kind)
    return json.dumps(made(body) if made else MEASURED[kind].accepted_body).encode()


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while length := http1.message_length(self._received):
            message, self._received = self._received[:length], self._received[length:]
            target = re.split(rb" ", message, maxsplit=2)[1].decode()
            self._transport.write(http1.response(200, "OK", answer(target, http1.body_of(message))))


async def _serve(announce: Callable[[int], None]) -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
    announce(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(partial(print, flush=True)))
