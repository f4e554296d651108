"""What an operator sees of one-time codes, and can do where they are stopped."""

import json
from datetime import timedelta

from sidecar.settings import read_settings
from sidecar.storage import verifications
from sidecar.storage.verifications import SENT, Verification
from sidecar.wiring import Recado, utc_now
from tests.acceptance.processes import Sidecar


def sent_in_vain(sidecar: Sidecar, shop_id: str) -> None:
    """Fifty codes to numbers that begin alike, of which none came back."""
    recado, then = Recado(read_settings(sidecar.environment)), utc_now() - timedelta(hours=2)
    with recado.database.write() as connection:
        for number in range(50):
            which = (shop_id, f"vrf_{number}", "+5511900000000", "BR", "+55119", "", "session", "", "", "digest")
            verifications.add(connection, Verification(*which, SENT, 0, 1, then, then, then))
    recado.close()


def test_a_stop_is_told_and_lifted(sidecar: Sidecar) -> None:
    shop_id = sidecar.open_shop()["shop_id"]
    assert "stopped nowhere" in sidecar.command("codes", "show", shop_id).stdout
    sent_in_vain(sidecar, shop_id)
    stopped = {"prefix": "+55119", "sent": 50, "confirmed": 0}
    assert sidecar.json("codes", "show", shop_id)["stopped"] == [stopped]
    [finding] = [
        each for each in json.loads(sidecar.command("doctor", "--json").stdout) if "stopped" in each["finding"]
    ]
    assert finding["do"].endswith("+55119`.") and "recado codes lift" in finding["do"]
    assert "go out again" in sidecar.command("codes", "lift", shop_id, "+55119").stdout
    assert sidecar.json("codes", "show", shop_id)["stopped"] == []
    refused = sidecar.command("codes", "lift", shop_id, "55119")
    assert refused.exit_code == 2 and "not_stopped" in refused.output
