"""A Magento store made of a folder with Magento's code: installed where it is not yet, with the module in it."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench import procs

from ..servers import CannotServe, Servers, missing, program

MODULE = procs.ROOT / "connectors" / "magento" / "module"
# Magento refuses MariaDB 10.11 and later by their names, not for anything they do.
DATABASE = ("--version=10.6.20-MariaDB", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=512M")
INI = {
    "memory_limit": "1G",
    "max_execution_time": "300",
    "opcache.memory_consumption": "256",
    "opcache.max_accelerated_files": "60000",
    "realpath_cache_size": "10M",
}
# Behind a proxy, as most stores are: each visitor has an address of their own, and a limit for each counts.
LOCATIONS = """    set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;
    fastcgi_buffers 64 16k; fastcgi_buffer_size 64k;
    location / { try_files $uri $uri/ /index.php$is_args$args; }
    location /static/ {
      location ~ ^/static/version { rewrite ^/static/(version[^/]+/)?(.*)$ /static/$2 last; }
      if (!-f $request_filename) { rewrite ^/static/(version[^/]+/)?(.*)$ /static.php?resource=$2 last; }
    }
    location /media/ { try_files $uri /get.php$is_args$args; }"""
TIMES_AGAIN = 5
CONFIG = {
    "admin/security/use_form_key": "0",
    "admin/security/session_lifetime": "31536000",
    "admin/security/password_is_forced": "0",
    "admin/usage/enabled": "0",
    "oauth/consumer/enable_integration_as_bearer": "1",
    "system/full_page_cache/caching_application": "1",
    "cataloginventory/options/show_out_of_stock": "1",
    "system/smtp/disable": "1",
    "general/store_information/name": "Loja da Ana",
    "general/store_information/phone": "(11) 4002-8922",
}

# As in the connector's README.
RESOURCES = [
    "Magento_Backend::store",
    "Magento_Sales::actions_view",
    "Magento_Sales::shipment",
    "Magento_Sales::comment",
    "Magento_Sales::cancel",
    "Magento_Catalog::products",
    "Magento_InventorySalesApi::stock",
    "Magento_Catalog::catalog_inventory",
]
MAKE_INTEGRATION = """
$integrations = $make(\\Magento\\Integration\\Api\\IntegrationServiceInterface::class);
$facts = ['name' => 'Recado', 'email' => 'ana@loja.example', 'status' => 1, 'resource' => json_decode('%s', true)];
$known = $integrations->findByName('Recado');
$one = $known->getId() ? $known : $integrations->create($facts);
$oauth = $make(\\Magento\\Integration\\Api\\OauthServiceInterface::class);
$oauth->createAccessToken($one->getConsumerId());
[$token, $consumer] = [$oauth->getAccessToken($one->getConsumerId()), $oauth->loadConsumer($one->getConsumerId())];
return [
    'access_token' => $token->getToken(),
    'access_token_secret' => $token->getSecret(),
    'consumer_key' => $consumer->getKey(),
    'consumer_secret' => $consumer->getSecret(),
];
"""


class Store:
    """`start` leaves it ready for shoppers. One that is kept running by `python -m tests.shops.magento` is used as it
    stands, which saves minutes at every run."""

    ADMIN = "recadoadmin"
    PASSWORD = "Recado-2-test"

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.folder = self.root / "var" / "recado-shop"
        self._kept = self.folder / "running"
        self._is_kept_by_another = self._kept.exists()
        ports = json.loads(self._kept.read_text()) if self._is_kept_by_another else [procs.free_port() for _ in "12"]
        self.port, self._search_port = ports
        self.url = f"http://127.0.0.1:{self.port}"
        self.servers = Servers(
            self.folder, self.root / "pub", self.port, LOCATIONS, workers=4, ini=INI, database=DATABASE
        )
        self._search: subprocess.Popen[str] | None = None

    def missing(self) -> str:
        return missing() if (self.root / "bin" / "magento").is_file() else f"{self.root} holds no Magento."

    def start(self) -> None:
        if self._is_kept_by_another:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        engine = [sys.executable, "-m", "tests.shops.magento.search_engine", str(self._search_port)]
        self._search = procs.start(engine, log=self.folder / "search.out")
        self.servers.start()
        self.servers.sql("CREATE DATABASE IF NOT EXISTS magento")
        if not (self.root / "app" / "etc" / "env.php").exists():
            self._install()
        self._settle_in()

    def keep(self) -> None:
        """Tell others that it runs."""
        self._kept.write_text(json.dumps([self.port, self._search_port]))

    def stop(self) -> None:
        if self._is_kept_by_another:
            return
        self._kept.unlink(missing_ok=True)
        self.servers.stop()
        if self._search:
            procs.stop(self._search)

    def magento(self, *arguments: str, ok: bool = True) -> str:
        """`bin/magento ARGUMENTS`, and all it printed. Again where visitors had code made while it was thrown away."""
        for _ in range(TIMES_AGAIN):
            try:
                return self._magento(*arguments, ok=ok)
            except CannotServe as reason:
                if "be deleted" not in str(reason):
                    raise
                time.sleep(1)
        return self._magento(*arguments, ok=ok)

    def _magento(self, *arguments: str, ok: bool) -> str:
        done = subprocess.run(
            [program("php"), "-d", "memory_limit=2G", "bin/magento", *arguments, "--no-ansi", "--no-interaction"],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        if ok and done.returncode:
            raise CannotServe(f"bin/magento {arguments[0]}: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout + done.stderr

    def put_module(self) -> None:
        """A copy, as an owner's installation is one. What Magento made of an older one is thrown away."""
        home = self.root / "app" / "code" / "Recado" / "Sms"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(MODULE, home)
        for made in (self.root / "pub" / "static").rglob("requirejs-config.js"):
            made.unlink()
        self.drop_compiled()

    def drop_compiled(self) -> None:
        """What is compiled is no more looked at anew."""
        extended = ("code/Magento/Quote/Api/Data", "code/Magento/Sales/Api/Data")
        for stale in ("metadata", "code/Recado", *extended):
            shutil.rmtree(self.root / "generated" / stale, ignore_errors=True)

    def install_module(self) -> str:
        """What `setup:upgrade` printed, where there was anything to set up."""
        self.put_module()
        self.magento("module:enable", "Recado_Sms")
        printed = "" if self._has_columns() else self.magento("setup:upgrade", "--keep-generated")
        self.magento("indexer:set-mode", "realtime")
        self.flush()
        return printed

    def _has_columns(self) -> bool:
        tables = json.loads((MODULE / "etc" / "db_schema_whitelist.json").read_text(encoding="utf-8"))
        wanted = {(table, column) for table, parts in tables.items() for column in parts["column"]}
        asked = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'magento'"
        return wanted <= {(row[0], row[1]) for row in self.sql(asked)}

    def send(self) -> str:
        """What cron does each minute, now; it says so where something waits on, which a test may want."""
        return self.magento("recado:sms:send", ok=False)

    def outbox(self, columns: str, where: str = "1") -> list[list[str]]:
        return self.sql(f"SELECT {columns} FROM recado_sms_outbox WHERE {where} ORDER BY id")

    def order_of(self, number: str) -> int:
        """The id of the order that people know by this number."""
        return int(self.sql(f"SELECT entity_id FROM sales_order WHERE increment_id = '{int(number):09}'")[0][0])

    def set(self, path: str, value: str, scope: str = "default", scope_id: int = 0) -> None:
        """Straight into the table, for `config:set` takes seconds each; it counts after `flush`."""
        told = value.replace("\\", "\\\\").replace("'", "\\'")
        self.sql(
            "REPLACE INTO core_config_data (scope, scope_id, path, value) "
            f"VALUES ('{scope}', {scope_id}, '{path}', '{told}')"
        )

    def sql(self, statement: str) -> list[list[str]]:
        return [line.split("\t") for line in self.servers.sql(f"USE magento; {statement}").splitlines()]

    def flush(self) -> None:
        self.magento("cache:flush")

    def php(self, code: str) -> Any:
        """What the code returns, run inside the store; `$make` gives objects by their class."""
        done = subprocess.run(
            [program("php"), str(Path(__file__).with_name("eval.php")), str(self.root)],
            input=code,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotServe(f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def integration(self) -> dict[str, str]:
        """The four values of an integration, made with the rights that the connector says it needs, and no more."""
        made = self.php(MAKE_INTEGRATION % json.dumps(RESOURCES))
        return {name: str(value) for name, value in made.items()}

    def version(self) -> str:
        found = re.search(r"\d[\w.-]+", self.magento("--version"))
        return found.group() if found else "unknown"

    def _install(self) -> None:
        wanted = {
            "base-url": f"{self.url}/",
            "db-host": str(self.servers.socket),
            "db-name": "magento",
            "db-user": "root",
            "db-password": "",
            "admin-firstname": "Ana",
            "admin-lastname": "Souza",
            "admin-email": "ana@loja.example",
            "admin-user": self.ADMIN,
            "admin-password": self.PASSWORD,
            "language": "en_US",
            "currency": "USD",
            "timezone": "America/Sao_Paulo",
            "use-rewrites": "1",
            "backend-frontname": "admin",
            "search-engine": "opensearch",
            "opensearch-host": "127.0.0.1",
            "opensearch-port": str(self._search_port),
            "disable-modules": "Magento_TwoFactorAuth,Magento_AdminAdobeImsTwoFactorAuth",
        }
        self.magento("setup:install", *(f"--{name}={value}" for name, value in wanted.items()))

    def _settle_in(self) -> None:
        """Ports change from run to run."""
        for path in ("web/unsecure/base_url", "web/secure/base_url"):
            self.set(path, f"{self.url}/")
        self.set("catalog/search/opensearch_server_port", str(self._search_port))
        for path, value in CONFIG.items():
            self.set(path, value)
        self.flush()

    def save_settings(self, groups: Mapping[str, Mapping[str, Any]], website: str = "", store: str = "") -> list[str]:
        """As the settings page saves them, with lists and objects from fields of several; returns what it would have
        told the owner."""
        fields = {
            group: {"fields": {name: {"value": value} for name, value in values.items()}}
            for group, values in groups.items()
        }
        asked = json.dumps({"section": "recado_sms", "website": website, "store": store, "groups": fields})
        said = self.php(
            f"""
            $asked = json_decode({asked!r}, true);
            try {{
                $new(\\Magento\\Config\\Model\\Config::class, ['data' => $asked])->save();
            }} catch (\\Magento\\Framework\\Exception\\LocalizedException $no) {{
                return ['error: ' . $no->getMessage()];
            }}
            $said = $make(\\Magento\\Framework\\Message\\ManagerInterface::class)->getMessages(true)->getItems();
            return array_map(fn ($one) => $one->getType() . ': ' . $one->getText(), $said);
            """
        )
        return [str(line) for line in said]
