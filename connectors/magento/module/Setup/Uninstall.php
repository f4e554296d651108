<?php
declare(strict_types=1);

namespace Recado\Sms\Setup;

use Magento\Framework\Setup\ModuleContextInterface;
use Magento\Framework\Setup\SchemaSetupInterface;
use Magento\Framework\Setup\UninstallInterface;

/**
 * Leaves nothing behind: tables, a column of orders, settings with their secrets, and what the module remembers of them.
 */
class Uninstall implements UninstallInterface
{
    private const TABLES = [
        'recado_sms_outbox', 'recado_sms_order', 'recado_sms_watch', 'recado_sms_touched', 'recado_sms_checkout',
    ];

    public function uninstall(SchemaSetupInterface $setup, ModuleContextInterface $context): void
    {
        $sales = $setup->getConnection('sales');
        foreach (self::TABLES as $table) {
            $sales->dropTable($setup->getTable($table, 'sales'));
        }
        $sales->dropColumn($setup->getTable('sales_order', 'sales'), 'recado_mobile');
        $default = $setup->getConnection();
        $default->dropTable($setup->getTable('recado_sms_proof'));
        $default->delete($setup->getTable('core_config_data'), ['path LIKE ?' => 'recado\_sms/%']);
        $default->delete($setup->getTable('flag'), ['flag_code LIKE ?' => 'recado\_sms\_%']);
    }
}
