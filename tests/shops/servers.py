"""What a PHP shop runs on: MariaDB on a socket of its own, php-fpm, and nginx on a loopback port."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import procs

_MARIADB = ("mariadb-install-db", "mariadbd")
_FPM = ("php-fpm8.4", "php-fpm8.3", "php-fpm8.2", "php-fpm8.1", "php-fpm8.0", "php-fpm7.4", "php-fpm")
_SBIN = "/usr/sbin:/usr/local/sbin"

_FPM_CONF = """[global]
daemonize = no
error_log = {folder}/fpm.log
[www]
{user}listen = {folder}/fpm.sock
listen.mode = 0600
pm = static
pm.max_children = {workers}
catch_workers_output = yes
{ini}
"""
_INI = {
    "memory_limit": "512M",
    "sendmail_path": "/bin/true",
    "max_execution_time": "120",
    "opcache.enable": "1",
    "opcache.memory_consumption": "192",
    "opcache.max_accelerated_files": "20000",
    "opcache.revalidate_freq": "0",
    "log_errors": "1",
}
_NGINX_CONF = """daemon off;
{user}worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; text/css css; application/javascript js mjs; image/svg+xml svg; image/png png;
           image/jpeg jpg jpeg; image/webp webp; font/woff2 woff2; application/json json; }}
  access_log {folder}/access.log;
  client_max_body_size 64m;
  client_body_temp_path {folder}/nginx-tmp; fastcgi_temp_path {folder}/nginx-tmp; proxy_temp_path {folder}/nginx-tmp;
  uwsgi_temp_path {folder}/nginx-tmp; scgi_temp_path {folder}/nginx-tmp;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    index index.php;
{locations}
    location ~ \\.php(/|$) {{
      fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
{parameters}
      fastcgi_read_timeout 120s;
      fastcgi_pass unix:{folder}/fpm.sock;
    }}
  }}
}}
"""
_PARAMETERS = {
    "SCRIPT_FILENAME": "$document_root$fastcgi_script_name",
    "SCRIPT_NAME": "$fastcgi_script_name",
    "PATH_INFO": "$fastcgi_path_info",
    "QUERY_STRING": "$query_string",
    "REQUEST_METHOD": "$request_method",
    "REQUEST_URI": "$request_uri",
    "REQUEST_SCHEME": "$scheme",
    "CONTENT_TYPE": "$content_type",
    "CONTENT_LENGTH": "$content_length",
    "DOCUMENT_ROOT": "$document_root",
    "DOCUMENT_URI": "$document_uri",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "REDIRECT_STATUS": "200",
    "REMOTE_ADDR": "$remote_addr",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "$server_port",
    "SERVER_PROTOCOL": "$server_protocol",
    "SERVER_SOFTWARE": "nginx",
}


class CannotServe(Exception):
    """What is missing on this machine, or what did not start, in one sentence."""


def program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SBIN}"):
            return found
    raise CannotServe(f"{names[0]} is not installed.")


def missing() -> str:
    """The first program that a shop would need and this machine has not, or nothing."""
    try:
        for names in (("php",), _FPM, ("nginx",), *((name,) for name in _MARIADB)):
            program(*names)
    except CannotServe as reason:
        return str(reason)
    return ""


@dataclass
class Servers:
    """One shop's servers, all their files in `folder`. `locations` is what of nginx's rules is the shop's own,
    `database` what MariaDB is told besides."""

    folder: Path
    root: Path
    port: int
    locations: str
    workers: int = 4
    ini: Mapping[str, str] = field(default_factory=dict)
    database: Sequence[str] = ()
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        return self.folder / "db.sock"

    def start(self) -> None:
        try:
            self.start_database()
            self.start_web()
        except BaseException:
            self.stop()
            raise

    def start_database(self) -> None:
        data = self.folder / "db"
        if not data.exists():
            self._new_database(data)
        self._start(
            program("mariadbd"),
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={self.socket}",
            "--skip-networking",
            "--skip-log-bin",
            f"--pid-file={self.folder}/db.pid",
            *(["--user=root"] if _is_root() else []),
            *self.database,
            log="db.log",
        )
        self._wait(self._answers)

    def start_web(self) -> None:
        (self.folder / "nginx-tmp").mkdir(exist_ok=True)
        ini = {**_INI, **self.ini}
        fpm = _FPM_CONF.format(
            folder=self.folder,
            user="user = root\n" if _is_root() else "",
            workers=self.workers,
            ini="\n".join(f"php_admin_value[{name}] = {value}" for name, value in ini.items()),
        )
        (self.folder / "fpm.conf").write_text(fpm, encoding="utf-8")
        nginx = _NGINX_CONF.format(
            folder=self.folder,
            user="user root;\n" if _is_root() else "",
            port=self.port,
            root=self.root,
            locations=self.locations,
            parameters="\n".join(f"      fastcgi_param {name} {value};" for name, value in _PARAMETERS.items()),
        )
        (self.folder / "nginx.conf").write_text(nginx, encoding="utf-8")
        as_root = ["--allow-to-run-as-root"] if _is_root() else []
        self._start(program(*_FPM), "--nodaemonize", "--fpm-config", f"{self.folder}/fpm.conf", *as_root, log="fpm.out")
        self._wait((self.folder / "fpm.sock").exists)
        self._start(program("nginx"), "-c", f"{self.folder}/nginx.conf", log="nginx.out")

    def stop(self) -> None:
        while self._running:
            procs.stop(self._running.pop())
        (self.folder / "fpm.sock").unlink(missing_ok=True)

    def sql(self, statement: str) -> str:
        command = [program("mariadb", "mysql"), "--no-defaults", f"--socket={self.socket}", "-uroot", "-N", "-B"]
        done = subprocess.run([*command, "-e", statement], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotServe(done.stderr.strip())
        return done.stdout

    def _new_database(self, data: Path) -> None:
        user = ["--user=root"] if _is_root() else []
        options = ["--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        done = subprocess.run(
            [program("mariadb-install-db"), *options, *user], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CannotServe(f"mariadb-install-db: {done.stdout[-500:]}{done.stderr[-500:]}")

    def _answers(self) -> bool:
        try:
            return self.sql("SELECT 1").strip() == "1"
        except CannotServe:
            return False

    def _start(self, *command: str, log: str) -> None:
        self._running.append(procs.start(command, log=self.folder / log))

    def _wait(self, condition: Callable[[], bool], timeout: float = 30.0) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            if self._running[-1].poll() is not None or time.monotonic() > deadline:
                raise CannotServe(f"One of the shop's servers did not start: see the logs in {self.folder}")
            time.sleep(0.05)


def _is_root() -> bool:
    return os.geteuid() == 0
