"""Lay a shop and keep it running, to look at and to develop against: `python -m tests.shops.woo up --dir FOLDER`.

WORDPRESS_DIR and WOOCOMMERCE_DIR name the folders it is laid from."""

import argparse
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from threading import Event

from ..servers import CannotServe, missing
from .shop import Sources, Wanted, WooShop


def main() -> None:
    options = _options()
    try:
        if reason := missing():
            raise CannotServe(reason)
        options.do(options)
    except CannotServe as reason:
        sys.exit(str(reason))


def up(options: argparse.Namespace) -> None:
    """Until Ctrl-C or SIGTERM; a shop that was laid before keeps its orders and its address."""
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if options.fresh:
        shutil.rmtree(options.dir, ignore_errors=True)
    if (options.dir / "shop.json").exists():
        shop = WooShop(options.dir)
        shop.start()
    else:
        shop = WooShop.lay(options.dir, Sources.given(os.environ), _wanted(options))
    try:
        print(json.dumps(_addresses(shop), indent=2, ensure_ascii=False), flush=True)
        stopped.wait()
    finally:
        shop.stop()


def php(options: argparse.Namespace) -> None:
    print(json.dumps(WooShop(options.dir).php(options.code), indent=2, ensure_ascii=False))


def _addresses(shop: WooShop) -> dict[str, object]:
    admin = {"url": f"{shop.url}/wp-admin/", "user": shop.ADMIN, "password": shop.PASSWORD}
    return {"url": shop.url, "admin": admin, "php_log": str(shop.folder / "debug.log"), **shop.facts}


def _wanted(options: argparse.Namespace) -> Wanted:
    return Wanted(
        hpos=not options.no_hpos, wp_cron=not options.no_cron, plugin=not options.no_plugin, locale=options.locale
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.shops.woo")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("up", help="lay the shop if there is none yet, run it, print its addresses")
    command.set_defaults(do=up)
    command.add_argument("--dir", type=Path, required=True)
    command.add_argument("--fresh", action="store_true", help="throw away the shop that is there")
    command.add_argument("--no-hpos", action="store_true", help="orders as posts, as in old shops")
    command.add_argument("--no-cron", action="store_true", help="without WP-Cron")
    command.add_argument("--no-plugin", action="store_true", help="without Recado's plugin")
    command.add_argument("--locale", default="en_US")
    command = commands.add_parser("php", help="run PHP code inside the shop and print as JSON what it returns")
    command.set_defaults(do=php)
    command.add_argument("--dir", type=Path, required=True)
    command.add_argument("code")
    return parser.parse_args()


if __name__ == "__main__":
    main()
