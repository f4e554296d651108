"""`wp recado`, by the real WP-CLI; skipped unless WP_CLI names its program."""

import json
import os
import re
import subprocess
from collections.abc import Callable

import pytest

from ..servers import program
from .shop import WooShop
from .sidecars import ShopSidecar

Wp = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wp(shop: WooShop, connected: ShopSidecar) -> Wp:
    cli = os.environ.get("WP_CLI", "")
    if not cli:
        pytest.skip("Name WP-CLI, a phar or its boot-fs.php: WP_CLI=...")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program("php"), cli, "--allow-root", "--no-color", f"--path={shop.root}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)

    return run


def test_there_are_these_commands_and_no_others(wp: Wp) -> None:
    told = wp("help", "recado").stdout.partition("SUBCOMMANDS")[2].partition("GLOBAL PARAMETERS")[0]
    assert re.findall(r"^  (\w+)", told, re.MULTILINE) == ["resend", "status", "test"]


def test_a_test_from_the_shell_shows_the_text_and_what_became_of_it(wp: Wp) -> None:
    done = wp("recado", "test", "(11) 91234-5678", "--template=order_placed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Loja da Ana:") and "Success: delivered" in done.stdout
    wrong = wp("recado", "test", "12")
    assert wrong.returncode == 1 and wrong.stderr.startswith("Error: ")


def test_status_tells_of_the_connection_and_what_waits(wp: Wp, connected: ShopSidecar) -> None:
    told = json.loads(wp("recado", "status", "--format=json").stdout)
    assert (told["sidecar"], told["connection"], told["waiting"]) == (connected.url, "ok", 0)
    assert "connection   ok" in wp("recado", "status").stdout
    connected.stop()
    try:
        gone = wp("recado", "status")
        assert gone.returncode == 1 and gone.stderr.startswith("Error: ")
    finally:
        connected.start()


SET_ASIDE = """
global $wpdb;
$order = wc_create_order();
$order->set_billing_phone( '(11) 91234-5678' );
$order->set_status( 'processing' );
$order->save();
$wpdb->query( "UPDATE {$wpdb->prefix}recado_outbox SET state = 'dead' WHERE state = 'waiting'" );
return $order->get_id();
"""


def test_resend_sends_what_was_set_aside_and_tells_of_one_order_anew(wp: Wp, shop: WooShop) -> None:
    order = shop.php(SET_ASIDE)
    assert "set aside" in wp("recado", "status").stderr
    done = wp("recado", "resend")
    assert done.returncode == 0, done.stderr
    assert "had been set aside" in done.stdout
    assert wp("recado", "resend", str(order)).returncode == 0
    assert wp("recado", "resend", "99999999").returncode == 1
