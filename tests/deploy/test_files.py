"""Each file by which Recado is put to work, held against the rules of the program that will read it."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.architecture.source import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")


def ran(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tool(name: str) -> str:
    """A program beside this Python, or of the machine; where it is missing, that is told at the end."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        reason = f"{name} is not installed: what it checks was not checked."
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def test_the_image_is_built_as_its_linter_wants() -> None:
    ran(tool("hadolint"), DEPLOY / "Dockerfile")


def test_compose_fits_its_schema() -> None:
    ran(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_compose_names_only_what_there_is() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    made = set(re.findall(r"^keep (\w+)", (DEPLOY / "make-secrets.sh").read_text(), re.MULTILINE))
    assert {Path(secret["file"]).name for secret in compose["secrets"].values()} == made
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service.get("depends_on", [])) <= set(compose["services"])


def test_the_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    script = shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)
    ran("sh", script)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    ran("sh", script)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    assert len(made["secret_key"]) >= 32
    assert made["database_url"] == f"postgresql://recado:{made['database_password']}@database/recado"


def test_caddy_understands_its_file() -> None:
    ran(
        tool("caddy"), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", RECADO_DOMAIN="a.example"
    )


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_takes_the_manifest(path: Path) -> None:
    ran(tool("kubernetes-validate"), "--strict", "--quiet", path)


def test_every_manifest_is_applied() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == [path.name for path in KUBERNETES]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """On a machine that has no Recado yet, in whose place another program stands."""
    for unit in (DEPLOY / "systemd").iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/recado/.venv/bin/recado", "/bin/true"))
    units = [path for path in tmp_path.iterdir() if "@" not in path.name]
    assert ran(tool("systemd-analyze"), "verify", "--man=no", *units, tmp_path / "recado-worker@1.service") == ""


def test_gunicorn_takes_its_settings_and_finds_the_application(tmp_path: Path) -> None:
    environment = {"RECADO_DATA_DIR": str(tmp_path), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    ran(sys.executable, "-m", "sidecar", "db", "upgrade", **environment)
    ran(tool("gunicorn"), "--check-config", "-c", DEPLOY / "gunicorn.conf.py", **environment)


def test_the_alert_rules_fire_when_they_should_and_not_before(tmp_path: Path) -> None:
    for path in (DEPLOY / "prometheus" / "recado.rules.yml", Path(__file__).with_name("alerts.test.yml")):
        shutil.copy(path, tmp_path)
    ran(tool("promtool"), "check", "rules", tmp_path / "recado.rules.yml")
    ran(tool("promtool"), "test", "rules", tmp_path / "alerts.test.yml")


def metrics_asked_for() -> set[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "recado.rules.yml").read_text())
    board = json.loads((DEPLOY / "grafana" / "recado.json").read_text())
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    expressions += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return {name for expression in expressions for name in re.findall(r"recado_\w+", expression)}


def test_what_alerts_and_dashboard_ask_for_is_counted() -> None:
    counted = (ROOT / "sidecar" / "metrics.py").read_text() + (ROOT / "sidecar" / "web" / "health.py").read_text()
    known = set(re.findall(r'"(recado_\w+)"', counted))
    asked = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in metrics_asked_for()}
    assert asked and asked <= known


def test_what_is_installed_holds_everything_the_sidecar_reads(tmp_path: Path) -> None:
    """The image has what `pip install` takes along, and nothing else of the tree."""
    listed = ran("git", "ls-files", "sidecar", "connectors").splitlines()
    outside = ("connectors/woocommerce/plugin/", "connectors/magento/module/")
    wanted = {name for name in listed if not name.startswith(outside) and not name.endswith((".md", ".po", ".pot"))}
    for name in (*wanted, "pyproject.toml", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = ran(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--no-build-isolation", "--wheel-dir", tmp_path / "wheels", tmp_path),
    )
    [wheel] = (tmp_path / "wheels").glob("*.whl")
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set(), done
