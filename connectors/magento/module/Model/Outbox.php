<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\DB\Sql\Expression;
use Magento\Framework\Math\Random;
use Magento\Framework\Serialize\Serializer\Json;

/**
 * What is to be told, in the order in which it happened. Rows are written over the connection on which orders are
 * saved, and so in their transaction: what is rolled back was never told.
 */
class Outbox
{
    public const TABLE = 'recado_sms_outbox';
    public const WAITING = 'waiting';
    public const SENT = 'sent';
    public const DROPPED = 'dropped';
    public const DEAD = 'dead';
    private const DAYS_KEPT = 30;
    private const LETTERS = Random::CHARS_LOWERS . Random::CHARS_DIGITS;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly Json $json,
        private readonly Random $random
    ) {
    }

    /**
     * @param array<string, mixed> $facts what is true only now
     * @param string $once under this name it is added once, however often it is reported
     */
    public function add(
        string $type,
        int $storeId,
        int $orderId,
        int $subjectId,
        array $facts,
        string $once = ''
    ): void {
        $this->connection()->insertOnDuplicate($this->table(), [
            'event_id' => 'mag_' . ($once ?: $this->random->getRandomString(24, self::LETTERS)),
            'type' => $type,
            'store_id' => $storeId,
            'order_id' => $orderId,
            'subject_id' => $subjectId,
            'facts' => $this->json->serialize($facts),
            'due_at' => new Expression('UTC_TIMESTAMP()'),
        ], ['event_id']);
    }

    /**
     * The oldest that wait for these store views. Read anew each time: a lower id may be committed after a higher one.
     *
     * @param int[] $storeIds
     * @return array<int, array<string, mixed>>
     */
    public function waiting(array $storeIds, int $limit): array
    {
        $select = $this->connection()->select()
            ->from($this->table())
            ->columns(['is_due' => new Expression('due_at <= UTC_TIMESTAMP()')])
            ->where('state = ?', self::WAITING)
            ->where('store_id IN (?)', $storeIds)
            ->order('id')
            ->limit($limit);
        return array_map(
            fn (array $row) => [...$row, 'facts' => $this->json->unserialize($row['facts'])],
            $this->connection()->fetchAll($select)
        );
    }

    /**
     * What is over keeps no facts: they may hold a number.
     */
    public function settle(int $id, string $state, string $note = ''): void
    {
        $kept = $state === self::DEAD ? [] : ['facts' => '[]'];
        $this->connection()->update($this->table(), [
            'state' => $state,
            'note' => mb_substr($note, 0, 255),
            'attempts' => new Expression('attempts + 1'),
            'settled_at' => new Expression('UTC_TIMESTAMP()'),
            ...$kept,
        ], ['id = ?' => $id]);
    }

    public function postpone(int $id, int $seconds, string $note): void
    {
        $this->connection()->update($this->table(), [
            'due_at' => new Expression("UTC_TIMESTAMP() + INTERVAL $seconds SECOND"),
            'note' => mb_substr($note, 0, 255),
            'attempts' => new Expression('attempts + 1'),
        ], ['id = ?' => $id]);
    }

    /**
     * Try again what was given up, or at once what waits for its turn.
     *
     * @param int[]|null $ids null: all that are dead
     */
    public function requeue(?array $ids): int
    {
        $where = $ids === null
            ? ['state = ?' => self::DEAD]
            : ['id IN (?)' => $ids ?: [0], 'state IN (?)' => [self::DEAD, self::WAITING]];
        return $this->connection()->update($this->table(), [
            'state' => self::WAITING,
            'attempts' => 0,
            'due_at' => new Expression('UTC_TIMESTAMP()'),
            'settled_at' => null,
        ], $where);
    }

    /**
     * @return array<string, int> by state
     */
    public function counts(): array
    {
        $select = $this->connection()->select()
            ->from($this->table(), ['state', 'count' => new Expression('COUNT(*)')])
            ->group('state');
        return array_map('intval', $this->connection()->fetchPairs($select));
    }

    /**
     * When the oldest that waits was made, in UTC, or empty.
     */
    public function oldestWaiting(): string
    {
        $select = $this->connection()->select()
            ->from($this->table(), [new Expression('MIN(created_at)')])
            ->where('state = ?', self::WAITING);
        return (string)$this->connection()->fetchOne($select);
    }

    public function clean(): int
    {
        return $this->connection()->delete($this->table(), [
            'state IN (?)' => [self::SENT, self::DROPPED],
            'settled_at < UTC_TIMESTAMP() - INTERVAL ' . self::DAYS_KEPT . ' DAY',
        ]);
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
