<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\Serialize\Serializer\Json;

/**
 * What a shopper has said at checkout, kept with the cart until it is an order.
 */
class Sayings
{
    private const TABLE = 'recado_sms_checkout';
    private const DAYS_KEPT = 30;

    public function __construct(private readonly ResourceConnection $resource, private readonly Json $json)
    {
    }

    /**
     * @return array<string, mixed>
     */
    public function of(int $quoteId): array
    {
        $select = $this->connection()->select()->from($this->table(), ['said'])->where('quote_id = ?', $quoteId);
        $said = $this->connection()->fetchOne($select);
        return $said ? $this->json->unserialize($said) : [];
    }

    /**
     * @param array<string, mixed> $more
     */
    public function add(int $quoteId, array $more): void
    {
        $row = ['quote_id' => $quoteId, 'said' => $this->json->serialize([...$this->of($quoteId), ...$more])];
        $this->connection()->insertOnDuplicate($this->table(), $row, ['said']);
    }

    public function clean(): void
    {
        $this->connection()->delete(
            $this->table(),
            ['said_at < CURRENT_TIMESTAMP - INTERVAL ' . self::DAYS_KEPT . ' DAY']
        );
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
