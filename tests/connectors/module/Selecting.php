<?php
/**
 * Magento's way to write a query.
 */
declare(strict_types=1);

final class Selecting
{
    private string $table = '';
    private array $columns = [];
    private array $where = [];
    private array $rest = [];
    private string $distinct = '';

    public function __construct(private readonly OnSqlite $connection)
    {
    }

    public function from(string $table, array $columns = ['*']): self
    {
        $this->table = $table;
        return $this->columns($columns);
    }

    public function columns(array $columns): self
    {
        foreach ($columns as $alias => $column) {
            $this->columns[] = $column . (is_int($alias) ? '' : " AS $alias");
        }
        return $this;
    }

    public function where(string $condition, $value = null): self
    {
        $this->where[] = '(' . str_replace('?', $this->connection->quoted($value), $condition) . ')';
        return $this;
    }

    public function distinct(): self
    {
        $this->distinct = 'DISTINCT ';
        return $this;
    }

    public function group(string $column): self
    {
        $this->rest[] = "GROUP BY $column";
        return $this;
    }

    public function order(string $column): self
    {
        $this->rest[] = "ORDER BY $column";
        return $this;
    }

    public function limit(int $most): self
    {
        $this->rest[] = "LIMIT $most";
        return $this;
    }

    public function __toString(): string
    {
        $where = $this->where ? ' WHERE ' . implode(' AND ', $this->where) : '';
        return "SELECT {$this->distinct}" . implode(', ', $this->columns) . " FROM {$this->table}$where "
            . implode(' ', $this->rest);
    }
}
