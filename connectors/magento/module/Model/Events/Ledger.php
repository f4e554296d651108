<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;

/**
 * What was last told of each order. An order is saved far more often than it changes, and what Magento hands to
 * observers as the values before may be empty.
 */
class Ledger
{
    private const TABLE = 'recado_sms_order';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * The order's row as this transaction sees it: increment and times come from the database, and an order saved in
     * part over REST lacks them.
     *
     * @return array<string, mixed> empty where there is none
     */
    public function order(int $orderId): array
    {
        $columns = ['state', 'status', 'store_id', 'updated_at', 'created_at', 'quote_id'];
        $select = $this->connection()->select()
            ->from($this->resource->getTableName('sales_order', 'sales'), $columns)
            ->where('entity_id = ?', $orderId);
        return $this->connection()->fetchRow($select) ?: [];
    }

    /**
     * @return array<string, string> state and status, empty where nothing was told yet
     */
    public function lastTold(int $orderId): array
    {
        $select = $this->connection()->select()
            ->from($this->table(), ['state', 'status'])
            ->where('order_id = ?', $orderId);
        return $this->connection()->fetchRow($select) ?: [];
    }

    public function remember(int $orderId, string $state, string $status): void
    {
        $row = ['order_id' => $orderId, 'state' => $state, 'status' => $status];
        $this->connection()->insertOnDuplicate($this->table(), $row, ['state', 'status']);
    }

    private function table(): string
    {
        return $this->resource->getTableName(self::TABLE, 'sales');
    }

    private function connection(): AdapterInterface
    {
        return $this->resource->getConnection('sales');
    }
}
