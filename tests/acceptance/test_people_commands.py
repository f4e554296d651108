"""What an operator sees and sets of what people said."""

from sidecar.domain.consent import Purpose
from sidecar.storage import replies
from sidecar.storage.database import Database
from sidecar.storage.replies import NewReply
from tests.acceptance.processes import Sidecar
from tests.world import NOON

NUMBER = "11 91234-5678"


def test_consents_are_set_and_shown_with_their_proof(sidecar: Sidecar) -> None:
    sidecar.open_shop()
    number = ("Loja", "--number", NUMBER)
    assert sidecar.json("consent", "set", *number, "--purpose", "all", "--standing", "out") == dict.fromkeys(
        map(str, Purpose), "out"
    )
    wording = ("--wording", "Asked us on the phone")
    told = sidecar.json("consent", "set", *number, "--purpose", "orders", "--standing", "in", *wording)
    assert told == {"orders": "in"}
    shown = sidecar.json("consent", "list", *number)
    assert shown["standings"] == {"orders": "in", "stock_alerts": "out", "marketing": "out"}
    latest = shown["history"][0]
    assert (latest["standing"], latest["source"], latest["wording"]) == ("in", "operator", "Asked us on the phone")
    assert "91234" not in str(shown)
    assert "operator" in sidecar.command("consent", "list", *number).stdout


def test_replies_are_listed_masked_and_those_of_nobody_too(sidecar: Sidecar) -> None:
    shop_id = sidecar.open_shop()["shop_id"]
    database = Database(f"sqlite:///{sidecar.environment['RECADO_DATA_DIR']}/recado.sqlite3")
    for place, owner in enumerate((shop_id, "")):
        text = f"texto {place}"
        reply = NewReply(owner, f"rpl_{place}", "acc", text, "+5511912345678", "sms", text, "7", None, NOON)
        with database.write() as connection:
            replies.keep(connection, [reply])
            replies.understood(connection, reply, "reply", "7", None)
    database.close()
    [mine] = sidecar.json("replies", "Loja", "--unread")
    assert (mine["text"], mine["read"], mine["order_id"]) == ("texto 0", False, "7")
    assert "91234" not in str(mine)
    assert sidecar.json("replies", "Loja", "--reveal")[0]["number"] == "+5511912345678"
    assert [row["text"] for row in sidecar.json("replies", "--of-nobody")] == ["texto 1"]
    assert "texto 0" in sidecar.command("replies", "Loja").stdout
