<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Stock;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\DB\Sql\Expression;

/**
 * The products that customers wait for, and which of them have been touched.
 */
class Watch
{
    private const DAYS_WATCHED = 400;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function add(int $storeId, int $productId, int $variationId, string $sku): void
    {
        $this->connection()->insertOnDuplicate($this->table('watch'), [
            'store_id' => $storeId,
            'product_id' => $productId,
            'variation_id' => $variationId,
            'sku' => $sku,
            'asked_at' => new Expression('CURRENT_TIMESTAMP'),
        ], ['sku', 'asked_at']);
    }

    /**
     * Rows are only added here: updating the watched one would have orders of one product wait for each other.
     *
     * @param string[] $skus
     */
    public function touch(array $skus): void
    {
        $skus = array_unique(array_filter(array_map('strval', $skus), 'strlen'));
        if (!$skus) {
            return;
        }
        $select = $this->connection()->select()
            ->distinct()
            ->from($this->table('watch'), ['sku'])
            ->where('sku IN (?)', $skus);
        if ($watched = $this->connection()->fetchCol($select)) {
            $rows = array_map(fn (string $sku) => ['sku' => $sku], $watched);
            $this->connection()->insertMultiple($this->table('touched'), $rows);
        }
    }

    /**
     * @param int[] $productIds
     */
    public function touchIds(array $productIds): void
    {
        $select = $this->connection()->select()
            ->distinct()
            ->from($this->table('watch'), ['sku'])
            ->where('variation_id IN (?) OR (variation_id = 0 AND product_id IN (?))', $productIds ?: [0]);
        $this->touch($this->connection()->fetchCol($select));
    }

    /**
     * What was touched so many seconds ago or earlier.
     *
     * @return array<int, string> SKU by id
     */
    public function touched(int $seconds): array
    {
        $select = $this->connection()->select()
            ->from($this->table('touched'), ['id', 'sku'])
            ->where("touched_at <= CURRENT_TIMESTAMP - INTERVAL $seconds SECOND")
            ->limit(5000);
        return $this->connection()->fetchPairs($select);
    }

    /**
     * @param int[] $ids
     */
    public function forget(array $ids): void
    {
        $this->connection()->delete($this->table('touched'), ['id IN (?)' => $ids ?: [0]]);
    }

    /**
     * @param string[]|null $skus null: all
     * @return array<int, array<string, mixed>>
     */
    public function watched(?array $skus): array
    {
        $select = $this->connection()->select()->from($this->table('watch'))->order('id');
        if ($skus !== null) {
            $select->where('sku IN (?)', $skus ?: ['']);
        }
        return $this->connection()->fetchAll($select);
    }

    public function told(int $id, string $what): void
    {
        $this->connection()->update($this->table('watch'), ['told' => $what], ['id = ?' => $id]);
    }

    public function clean(): void
    {
        $old = 'asked_at < CURRENT_TIMESTAMP - INTERVAL ' . self::DAYS_WATCHED . ' DAY';
        $this->connection()->delete($this->table('watch'), [$old]);
    }

    private function table(string $name): string
    {
        return $this->resource->getTableName("recado_sms_$name", 'sales');
    }

    private function connection(): AdapterInterface
    {
        return $this->resource->getConnection('sales');
    }
}
