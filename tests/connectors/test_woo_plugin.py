"""The plugin's PHP, as far as it can be judged without a shop: syntax, habits, logic, texts, package."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from connectors.woocommerce.plugin import pack

TESTS = Path(__file__).parent / "plugin"
PLUGIN = pack.PLUGIN
LOCALES = ("es_ES", "fr_FR", "pt_BR", "zh_TW")


def run(command: str, *arguments: str | Path, within: Path = PLUGIN.parent) -> subprocess.CompletedProcess[str]:
    if shutil.which(command) is None:
        reason = f"{command} is not installed: tests/machine.txt says with which package it comes"
        if os.environ.get("RECADO_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return subprocess.run(
        [command, *map(str, arguments)], cwd=within, capture_output=True, text=True, timeout=120, check=False
    )


def sources() -> list[Path]:
    return sorted(PLUGIN.rglob("*.php"))


def test_php_itself_reads_every_file() -> None:
    for path in sources():
        read = run("php", "-l", path)
        assert read.returncode == 0, read.stdout


def test_nothing_is_newer_than_php_7_4_and_nothing_too_long() -> None:
    """PHP 7.4 is not at hand everywhere; a parser that knows what came when is."""
    assert shutil.which("php-parse") or run("php-parse").returncode == 0
    looked = run("php", TESTS / "look.php", *sources())
    assert (looked.returncode, looked.stdout) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        "$a = match ( 1 ) { 1 => 2 };",
        "$a?->b();",
        "f( a: 1 );",
        "function f( int|string $a ) {}",
        "class A { public function __construct( private int $a ) {} }",
        "enum A {}",
        "try { f(); } catch ( E ) {}",
        "$f = strlen(...);",
    ],
)
def test_what_is_newer_than_php_7_4_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "new.php").write_text(f"<?php\n{line}\n")
    looked = run("php", TESTS / "look.php", tmp_path / "new.php")
    assert looked.stdout


def test_it_is_written_as_wordpress_is() -> None:
    looked = run("phpcs", "--standard=phpcs.xml")
    assert looked.returncode == 0, looked.stdout


def test_its_logic() -> None:
    tested = run("phpunit", "-c", TESTS / "phpunit.xml")
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated_and_compiled_as_it_is_now(tmp_path: Path, locale: str) -> None:
    copy = shutil.copytree(PLUGIN.parent, tmp_path / "plugin")
    languages = copy / "recado" / "languages"
    before = {path.name: path.read_bytes() for path in languages.iterdir()}
    merged = run(str(copy / "texts.sh")) if shutil.which("xgettext") else run("xgettext")
    assert merged.returncode == 0, merged.stderr
    assert {path.name: path.read_bytes() for path in languages.iterdir()} == before, "run `make plugin-texts`"
    left = run("msgattrib", "--untranslated", languages / f"recado-{locale}.po")
    assert left.stdout == ""


def test_the_package_is_one_folder_without_what_only_we_need(tmp_path: Path) -> None:
    pack.pack(tmp_path / "a.zip")
    pack.pack(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    names = ZipFile(tmp_path / "a.zip").namelist()
    assert all(name.startswith("recado/") for name in names)
    assert {"recado/recado.php", "recado/uninstall.php", "recado/readme.txt"} <= set(names)
    assert not [name for name in names if name.endswith((".md", ".xml", ".sh", ".py"))]


def test_a_plugin_that_says_two_versions_is_not_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copytree(PLUGIN, tmp_path / "recado")
    readme = copy / "readme.txt"
    readme.write_text(re.sub(r"Stable tag: .*", "Stable tag: 9.9.9", readme.read_text()))
    monkeypatch.setattr(pack, "PLUGIN", copy)
    with pytest.raises(ValueError, match=r"9\.9\.9"):
        pack.pack(tmp_path / "recado.zip")


def test_finding_42_it_declares_what_it_is_compatible_with() -> None:
    """Undeclared plugins are warned about by older versions; orders are never read as posts (41)."""
    declared = (PLUGIN / "includes" / "class-plugin.php").read_text(encoding="utf-8")
    assert "declare_compatibility( 'custom_order_tables'" in declared
    assert "declare_compatibility( 'cart_checkout_blocks'" in declared


def test_finding_44_wordpress_keeps_it_off_without_woocommerce() -> None:
    """WordPress reads `Requires Plugins` since 6.5, which is therefore the oldest that the plugin asks for."""
    head = dict(
        re.findall(r"^ \* ([\w ]+?): +(.+)$", (PLUGIN / "recado.php").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert (head["Requires Plugins"], head["Requires at least"]) == ("woocommerce", "6.5")


def test_finding_48_49_and_51_no_page_that_a_shopper_waits_for_calls_out() -> None:
    """Who calls the sidecar is on this list: what a person asks for, and what happens when nobody waits."""
    calling = {
        path.relative_to(PLUGIN / "includes").as_posix()
        for path in sources()
        if re.search(r"wp_(safe_)?remote_|curl_|fsockopen|file_get_contents\( *.http", path.read_text(encoding="utf-8"))
    }
    assert calling == {"class-sidecar.php", "outbox/class-delivery.php"}
    assert not [path for path in sources() if re.search(r"'blocking' *=>", path.read_text(encoding="utf-8"))]


def test_whoever_uninstalls_it_leaves_nothing_in_the_clock() -> None:
    """Every hook that is scheduled anywhere is taken out by uninstall.php."""
    scheduled = set()
    for path in PLUGIN.rglob("*.php"):
        written = path.read_text(encoding="utf-8")
        for name in re.findall(r"wp_schedule_event\(.*self::(\w+) \)", written):
            scheduled |= set(re.findall(rf"const {name}\s*= '(\w+)'", written))
    assert "recado_books" in scheduled
    leaving = (PLUGIN / "uninstall.php").read_text(encoding="utf-8")
    assert [hook for hook in scheduled if f"'{hook}'" not in leaving] == []
