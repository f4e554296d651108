"""The Magento module's PHP, as far as it can be judged without a store: syntax, habits, logic, texts, and what it keeps
to by construction."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.connectors.magento_texts import MODULE, texts, translated

TESTS = Path(__file__).parent / "module"
LOCALES = ("en_US", "es_ES", "fr_FR", "pt_BR", "zh_Hant_TW")
PLACEHOLDER = re.compile(r"%\d|\{\w+\}")


def run(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    if shutil.which(command) is None:
        reason = f"{command} is not installed: tests/machine.txt says with which package it comes"
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return subprocess.run(
        [command, *map(str, arguments)], cwd=MODULE, capture_output=True, text=True, timeout=120, check=False
    )


def sources() -> list[Path]:
    return sorted((*MODULE.rglob("*.php"), *MODULE.rglob("*.phtml")))


def test_php_itself_reads_every_file() -> None:
    parses = "foreach (array_slice($argv, 1) as $f) { token_get_all(file_get_contents($f), TOKEN_PARSE); }"
    read = run("php", "-r", parses, "--", *sources())
    assert (read.returncode, read.stdout, read.stderr) == (0, "", "")


def test_it_is_written_as_its_rules_say() -> None:
    looked = run("phpcs", "--standard=phpcs.xml")
    assert looked.returncode == 0, looked.stdout


def test_its_logic() -> None:
    tested = run("phpunit", "-c", TESTS / "phpunit.xml")
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated_with_its_placeholders_and_none_is_left_over(locale: str) -> None:
    found = translated(locale)
    assert set(found) == texts()
    for text, told in found.items():
        assert told, text
        assert sorted(PLACEHOLDER.findall(told)) == sorted(PLACEHOLDER.findall(text)), text


def test_english_is_what_stands_in_the_code() -> None:
    assert all(text == told for text, told in translated("en_US").items())


def test_no_file_and_no_function_is_too_long() -> None:
    long = [path.name for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_no_observer_and_no_plugin_of_what_a_shop_does_calls_the_network() -> None:
    """Finding 7.4: they run inside open transactions, with rows locked."""
    reached = re.compile(r"Sidecar|Model\\Http\b|Courier|Speaking")
    for folder in ("Observer", "Plugin"):
        for path in (MODULE / folder).rglob("*.php"):
            if path.parent.name != "AdminSystemConfigChanged":
                assert not reached.search(path.read_text(encoding="utf-8")), path


def test_finding_7_1_every_observer_of_events_is_quiet() -> None:
    for path in (MODULE / "Observer").rglob("*.php"):
        source = path.read_text(encoding="utf-8")
        assert "quietly->do(" in source or path.parent.name == "AdminSystemConfigChanged", path


def test_finding_6_10_nothing_names_an_inventory_a_shop_may_have_switched_off() -> None:
    """But the file that hangs plugins on it, which is harmless where it does not exist."""
    named = [path.name for path in sources() if "Magento\\Inventory" in path.read_text(encoding="utf-8")]
    assert named == []
    plugins = (MODULE / "etc" / "di.xml").read_text(encoding="utf-8")
    for point in ("SourceItemsSaveInterface", "AppendReservationsInterface", "SourceDeductionServiceInterface"):
        assert point in plugins


def test_what_the_settings_save_encrypted_is_read_decrypted() -> None:
    """Finding 8: without the model in config.xml, the stored "0:3:…" would be used as the secret."""
    for file in ("config.xml", "adminhtml/system.xml"):
        assert (MODULE / "etc" / file).read_text(encoding="utf-8").count("Backend\\Encrypted") == 2


def test_the_package_is_installable_by_composer() -> None:
    package = json.loads((MODULE / "composer.json").read_text(encoding="utf-8"))
    assert (package["type"], package["autoload"]["psr-4"]) == ("magento2-module", {"Recado\\Sms\\": ""})
    assert package["autoload"]["files"] == ["registration.php"]


def test_uninstalling_takes_every_table_with_it() -> None:
    tables = json.loads((MODULE / "etc" / "db_schema_whitelist.json").read_text(encoding="utf-8"))
    uninstall = (MODULE / "Setup" / "Uninstall.php").read_text(encoding="utf-8")
    assert all(f"'{table}'" in uninstall for table in tables)
