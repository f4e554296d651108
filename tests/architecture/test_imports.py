"""Data goes one way through the house, and so do imports."""

from graphlib import TopologicalSorter

import pytest

from tests.architecture.source import imports, modules, part, parts

MAY_IMPORT: dict[str, str] = {
    # pure
    "domain": "",
    "policy": "domain",
    "catalog": "domain",
    "logs": "domain",
    "metrics": "",
    "supervisor": "",
    "alive": "",
    "settings": "domain policy",
    # on the database, or at the provider, never both
    "storage": "domain",
    "http": "domain",
    "providers": "domain http",
    "ledger": "domain storage",
    "migrations": "storage",
    # the stations of the road
    "links": "storage",
    "money": "domain policy storage",
    "intake": "domain policy catalog storage money",
    "dispatch": "domain policy storage providers",
    "consent": "domain policy catalog storage links intake",
    "callbacks": "domain policy catalog storage providers ledger intake dispatch consent",
    "alerts": "domain policy catalog storage links intake",
    "hearing": "domain alerts consent",
    "codes": "domain policy catalog storage intake",
    "keeping": "domain policy catalog storage ledger providers",
    "tryout": "domain policy catalog storage money intake keeping",
    "polling": "domain storage",
    "dozing": "storage",
    "worker": "domain storage dispatch dozing",
}
KNOW_EVERYONE = {"wiring", "app", "server", "commands", "diagnosis", "__main__", "web", "__version__"}
KNOW_THE_WIRING = {"app", "server", "commands", "diagnosis"}
"""Those that make a process: the web application, its server, and the commands with the doctor behind one of them."""


@pytest.mark.parametrize("name", sorted(parts()))
def test_a_part_imports_only_what_it_may(name: str) -> None:
    imported = {found.removeprefix("sidecar.") for found in parts()[name]}
    if name.startswith("connectors."):
        assert imported <= {"domain", "connectors.reading"}
        return
    short = name.removeprefix("sidecar.")
    if short in KNOW_EVERYONE | {"sidecar", "connectors"}:
        return
    assert short in MAY_IMPORT, f"{name} is new: say in this file what it may import"
    assert imported <= set(MAY_IMPORT[short].split())


def test_no_rule_is_about_nothing() -> None:
    there = {name.removeprefix("sidecar.") for name in parts()}
    assert there >= set(MAY_IMPORT)
    assert there >= KNOW_THE_WIRING


def test_only_what_makes_a_process_knows_the_wiring() -> None:
    knowing = {name.removeprefix("sidecar.") for name, imported in parts().items() if "sidecar.wiring" in imported}
    assert knowing <= KNOW_THE_WIRING


def test_the_web_translates_and_reaches_no_provider_by_itself() -> None:
    forbidden = {"wiring", "app", "server", "commands", "diagnosis", "supervisor", "settings", "worker"}
    forbidden |= {"dispatch", "callbacks", "migrations"}
    assert not parts()["sidecar.web"] & {f"sidecar.{name}" for name in forbidden}
    imported = {name for module, names in imports().items() if part(module) == "sidecar.web" for name in names}
    assert {name for name in imported if part(name) == "sidecar.providers"} <= {"sidecar.providers.base"}


def test_no_provider_knows_another() -> None:
    """What several share is in files named for it, what a provider sets aside is in files that begin with its
    name; the registry alone knows them all."""
    shared = {"base", "callbacks", "formats", "http_provider", "signatures"}
    for module, imported in imports().items():
        if part(module) != "sidecar.providers" or module.endswith(".registry"):
            continue
        siblings = {name.rpartition(".")[2] for name in imported if name.startswith("sidecar.providers.")}
        own = {name for name in siblings if name.split("_")[0] == module.rpartition(".")[2].split("_")[0]}
        assert siblings - own <= shared, module


ONLY_IN = {
    "phonenumbers": {"sidecar.domain.phone"},
    "holidays": {"sidecar.policy.calendars"},
    "flask": {"sidecar.web", "sidecar.app", "sidecar.server"},
    "gunicorn": {"sidecar.server"},
    "apscheduler": {"sidecar.worker"},
    "prometheus_client": {"sidecar.metrics", "sidecar.web.health"},
    "cryptography": {"sidecar.storage.vault", "sidecar.web.admin.session"},
    "argon2": {"sidecar.keeping.users"},
    "pyotp": {"sidecar.keeping.users"},
    "segno": {"sidecar.web.admin"},
    "flask_babel": {"sidecar.web.admin"},
    "alembic": {"sidecar.storage.schema", "sidecar.migrations"},
    "click": {"sidecar.commands"},
    "rich": {"sidecar.commands"},
    "urllib3": {"sidecar.http.client"},
    "requests": {"sidecar.http.client", "sidecar.diagnosis", "sidecar.commands"},
    "defusedxml": {"sidecar.providers.gateway_document", "sidecar.providers.gateway_request"},
    "woocommerce": {"connectors.woocommerce.rest"},
    "sqlite3": {"sidecar.storage"},
    "psycopg": {"sidecar.storage"},
}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_known_where_it_is_needed_and_nowhere_else(library: str) -> None:
    homes = tuple(f"{home}." for home in ONLY_IN[library])
    for module, imported in imports().items():
        if library in {name.split(".")[0] for name in imported}:
            assert f"{module}.".startswith(homes), module


@pytest.mark.parametrize("pure", ["domain", "policy", "catalog", "http", "providers"])
def test_what_is_pure_knows_no_database(pure: str) -> None:
    for module, imported in imports().items():
        if part(module) == f"sidecar.{pure}" or module.startswith("connectors."):
            assert not {name.split(".")[0] for name in imported} & {"sqlalchemy", "sqlite3", "psycopg"}, module


def test_no_two_parts_import_each_other_however_far_round() -> None:
    tuple(TopologicalSorter(parts()).static_order())


def test_no_module_imports_itself_in_the_end() -> None:
    ours = {module: {name for name in imported if name in modules()} for module, imported in imports().items()}
    tuple(TopologicalSorter(ours).static_order())
