"""A WooCommerce shop in a folder: laid once, then started and stopped as often as one likes."""

import json
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import procs

from ..servers import CannotServe, Servers, program

PLUGIN = procs.ROOT / "connectors" / "woocommerce" / "plugin" / "recado"
_HERE = Path(__file__).parent
_LOCATIONS = """    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ ^/wp-content/.*\\.log$ { return 404; }"""
_CONFIG = """<?php
define( 'DB_NAME', 'shop' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
{keys}
define( 'WP_HOME', '{url}' );
define( 'WP_SITEURL', '{url}' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_AUTO_UPDATE_CORE', false );
define( 'DISABLE_WP_CRON', {no_cron} );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '{folder}/debug.log' );
define( 'FS_METHOD', 'direct' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {{
	define( 'ABSPATH', __DIR__ . '/' );
}}
require_once ABSPATH . 'wp-settings.php';
"""
_NOT_GIVEN = "not-given"
_KEYS = ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
OPTIONS: Mapping[str, str] = {
    "woocommerce_store_address": "Rua Augusta 1",
    "woocommerce_store_city": "São Paulo",
    "woocommerce_store_postcode": "01305-000",
    "woocommerce_default_country": "BR:SP",
    "woocommerce_currency": "BRL",
    "woocommerce_currency_pos": "left_space",
    "woocommerce_price_thousand_sep": ".",
    "woocommerce_price_decimal_sep": ",",
    "woocommerce_coming_soon": "no",
    "woocommerce_task_list_hidden": "yes",
    "woocommerce_allow_tracking": "no",
    "woocommerce_show_marketplace_suggestions": "no",
    "woocommerce_enable_guest_checkout": "yes",
    "woocommerce_manage_stock": "yes",
    "woocommerce_notify_low_stock": "no",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Ready folders of WordPress and WooCommerce; nothing is ever written into them."""

    wordpress: Path
    woocommerce: Path

    @classmethod
    def given(cls, environ: Mapping[str, str]) -> "Sources":
        """Those of WORDPRESS_DIR and WOOCOMMERCE_DIR."""
        return cls(*(Path(environ.get(name) or _NOT_GIVEN) for name in ("WORDPRESS_DIR", "WOOCOMMERCE_DIR")))

    def are_named(self) -> bool:
        return _NOT_GIVEN not in (str(self.wordpress), str(self.woocommerce))

    def missing(self) -> str:
        if not self.are_named():
            return (
                "No shop to drive: set WORDPRESS_DIR and WOOCOMMERCE_DIR to ready folders of WordPress and WooCommerce."
            )
        if not (self.wordpress / "wp-load.php").is_file():
            return f"{self.wordpress} holds no WordPress."
        if not (self.woocommerce / "woocommerce.php").is_file():
            return f"{self.woocommerce} holds no WooCommerce."
        return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a shop may differ from the usual one. `ini` and `options` are added to those of PHP and of the shop."""

    hpos: bool = True
    wp_cron: bool = True
    plugin: bool = True
    locale: str = "en_US"
    title: str = "Loja da Ana"
    workers: int = 4
    options: Mapping[str, str] = field(default_factory=dict)
    ini: Mapping[str, str] = field(default_factory=dict)


class WooShop:
    """`facts` holds what a caller needs: `goods`, `pages`, `keys`, `customer`, `versions`."""

    ADMIN = "admin"
    PASSWORD = "admin-password"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        kept = json.loads((folder / "shop.json").read_text(encoding="utf-8"))
        self.wanted = Wanted(**kept["wanted"])
        self.facts: dict[str, Any] = kept["facts"]
        self.port: int = kept["port"]
        self.servers = _servers(self.folder, self.port, self.wanted)

    @classmethod
    def lay(cls, folder: Path, sources: Sources, wanted: Wanted | None = None) -> "WooShop":
        """A complete shop, running."""
        if reason := sources.missing():
            raise CannotServe(reason)
        wanted = wanted or Wanted()
        folder.mkdir(parents=True)
        port = procs.free_port()
        _copy(sources, folder.resolve(), port, wanted)
        _keep(folder, port, wanted, {})
        shop = cls(folder)
        try:
            shop.servers.start()
            shop._set_up()
        except BaseException:
            shop.stop()
            raise
        return shop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> Path:
        return self.folder / "wordpress"

    def start(self) -> None:
        self.servers.start()
        self.use_plugin()

    def stop(self) -> None:
        self.servers.stop()

    def activate(self, plugin: str) -> None:
        if error := self._lay("activate", plugin=plugin)["error"]:
            raise CannotServe(f"{plugin} could not be activated: {error}")

    def use_plugin(self) -> None:
        """Recado's plugin, linked and active; does nothing the second time."""
        link = self.root / "wp-content" / "plugins" / "recado"
        if not self.wanted.plugin or not (PLUGIN / "recado.php").is_file():
            return
        if not link.exists():
            link.symlink_to(PLUGIN)
        self.activate("recado/recado.php")

    def php(self, code: str) -> Any:
        """What PHP code returns that runs inside the shop, as its administrator, from the command line."""
        return _run_php(_HERE / "eval.php", str(self.root), code)

    def complaints(self) -> list[str]:
        """What PHP had to say, notices included."""
        log = self.folder / "debug.log"
        return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []

    def _set_up(self) -> None:
        self.servers.sql("CREATE DATABASE shop CHARACTER SET utf8mb4")
        wanted = self.wanted
        self._lay(
            "install",
            title=wanted.title,
            admin=self.ADMIN,
            password=self.PASSWORD,
            locale=wanted.locale,
            timezone="America/Sao_Paulo",
        )
        self.activate("woocommerce/woocommerce.php")
        self.facts = self._lay("furnish", hpos=wanted.hpos, options={**OPTIONS, **wanted.options})
        _keep(self.folder, self.port, wanted, self.facts)
        self.use_plugin()

    def _lay(self, step: str, **given: Any) -> dict[str, Any]:
        made = _run_php(
            _HERE / "lay.php", str(self.root), step, json.dumps({"host": f"127.0.0.1:{self.port}", **given})
        )
        return made or {}


def _servers(folder: Path, port: int, wanted: Wanted) -> Servers:
    return Servers(folder, folder / "wordpress", port, _LOCATIONS, wanted.workers, wanted.ini)


def _copy(sources: Sources, folder: Path, port: int, wanted: Wanted) -> None:
    """WordPress is copied, for it writes into its folder; plugins are linked, so that a change shows at once."""
    root = folder / "wordpress"
    shutil.copytree(sources.wordpress, root)
    plugins = root / "wp-content" / "plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    (plugins / "woocommerce").symlink_to(sources.woocommerce.resolve())
    config = _CONFIG.format(
        folder=folder,
        socket=folder / "db.sock",
        url=f"http://127.0.0.1:{port}",
        no_cron="false" if wanted.wp_cron else "true",
        keys="\n".join(
            f"define( '{name}_{kind}', '{secrets.token_hex(32)}' );" for name in _KEYS for kind in ("KEY", "SALT")
        ),
    )
    (root / "wp-config.php").write_text(config, encoding="utf-8")


def _keep(folder: Path, port: int, wanted: Wanted, facts: dict[str, Any]) -> None:
    kept = {"port": port, "wanted": asdict(wanted), "facts": facts}
    (folder / "shop.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")


def _run_php(script: Path, *arguments: str) -> Any:
    """Its last line, which is JSON; a shop's plugins may print before it."""
    command = [program("php"), "-d", "memory_limit=512M", "-d", "sendmail_path=/bin/true", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise CannotServe(f"PHP failed: {done.stdout[-2000:]}{done.stderr[-2000:]}") from None
