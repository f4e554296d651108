"""Whether Magento itself takes the module: its own schemas for every file, and the compiler of production mode."""

import re
from collections.abc import Iterator

import pytest

from .store import MODULE, Store

SCHEMAS = """
$resolver = $make(\\Magento\\Framework\\Config\\Dom\\UrnResolver::class);
libxml_use_internal_errors(true);
libxml_set_external_entity_loader([$resolver, 'registerEntityLoader']);
$faults = [];
foreach (%s as $file) {
    $document = new \\DOMDocument();
    $document->load($file);
    $urn = $document->documentElement->getAttributeNS(
        'http://www.w3.org/2001/XMLSchema-instance', 'noNamespaceSchemaLocation'
    );
    if (!$document->schemaValidate($resolver->getRealPath($urn))) {
        $faults[] = basename($file) . ': ' . libxml_get_last_error()->message;
    }
    libxml_clear_errors();
}
return $faults;
"""


def test_every_xml_file_keeps_to_magentos_own_schema(store: Store) -> None:
    """Finding 9: the compiler passes a misspelt element of events.xml."""
    files = sorted(str(path) for path in MODULE.rglob("*.xml") if path.name != "phpcs.xml")
    assert len(files) > 20
    assert store.php(SCHEMAS % [*files]) == []


def test_the_compiler_of_production_mode_has_nothing_to_say_of_ours(store: Store) -> None:
    try:
        printed = store.magento("setup:di:compile")
    finally:
        store.drop_compiled()
    assert "successfully" in printed
    assert not re.search(r"(?i)recado", printed)


@pytest.fixture
def restored(store: Store) -> Iterator[None]:
    """The other tests go on with the settings that stood before."""
    tables = {"core_config_data": "path", "flag": "flag_code"}
    for table, column in tables.items():
        store.sql(f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE {column} LIKE 'recado%'")
    yield
    for table in tables:
        store.sql(f"REPLACE INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}")
    store.flush()


@pytest.mark.usefixtures("restored")
def test_what_is_uninstalled_leaves_nothing_behind_and_can_come_back(store: Store) -> None:
    store.set("recado_sms/sending/mode", "3")
    store.php(
        """
        $setup = $make(\\Magento\\Framework\\Setup\\SchemaSetupInterface::class);
        $context = $new(\\Magento\\Setup\\Model\\ModuleContext::class, ['version' => '']);
        $make(\\Recado\\Sms\\Setup\\Uninstall::class)->uninstall($setup, $context);
        return true;
        """
    )
    assert store.sql("SHOW TABLES LIKE 'recado%'") == []
    assert store.sql("SHOW COLUMNS FROM sales_order LIKE 'recado%'") == []
    assert store.sql("SELECT path FROM core_config_data WHERE path LIKE 'recado%'") == []
    assert store.sql("SELECT flag_code FROM flag WHERE flag_code LIKE 'recado%'") == []
    assert "Recado_Sms" in store.install_module()
    assert store.sql("SHOW TABLES LIKE 'recado_sms_outbox'") == [["recado_sms_outbox"]]
