<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\DB\Sql\Expression;
use Magento\Framework\Serialize\Serializer\Json;

/**
 * What was said under a number, by names. The database itself puts more to it: who says something else in the same moment
 * loses nothing.
 */
abstract class Said
{
    protected const TABLE = '';
    protected const KEY = '';
    protected const RESOURCE = 'default';

    public function __construct(private readonly ResourceConnection $resource, private readonly Json $json)
    {
    }

    /**
     * @return array<string, mixed>
     */
    public function of(int $id): array
    {
        $select = $this->connection()->select()->from($this->table(), ['said'])->where(static::KEY . ' = ?', $id);
        $said = $this->connection()->fetchOne($select);
        return $said ? $this->json->unserialize($said) : [];
    }

    /**
     * @param array<string, mixed> $more no null in it, which would take a name away
     */
    public function add(int $id, array $more): void
    {
        $this->connection()->insertOnDuplicate(
            $this->table(),
            [static::KEY => $id, 'said' => $this->json->serialize($more)],
            ['said' => new Expression('JSON_MERGE_PATCH(said, VALUES(said))')]
        );
    }

    protected function table(): string
    {
        return $this->resource->getTableName(static::TABLE, static::RESOURCE);
    }

    protected function connection(): AdapterInterface
    {
        return $this->resource->getConnection(static::RESOURCE);
    }
}
