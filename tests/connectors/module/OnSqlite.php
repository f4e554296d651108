<?php
/**
 * Magento's database adapter, as far as the module asks it, on SQLite in memory.
 */
declare(strict_types=1);

use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\DB\Sql\Expression;

final class OnSqlite implements AdapterInterface
{
    private const OF_MAGENTO = [
        'CREATE TABLE sales_order (entity_id INTEGER PRIMARY KEY, state TEXT, status TEXT, store_id INT, updated_at TEXT,'
        . ' created_at TEXT, quote_id INT)',
        'CREATE TABLE cron_schedule (job_code TEXT, executed_at TEXT)',
    ];
    private readonly PDO $pdo;

    public function __construct()
    {
        $this->pdo = new PDO('sqlite::memory:');
        $this->pdo->setAttribute(PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_ASSOC);
        array_map([$this->pdo, 'exec'], self::OF_MAGENTO);
        $schema = simplexml_load_file(Module::FOLDER . '/etc/db_schema.xml');
        foreach ($schema->xpath('table[starts-with(@name, "recado_")]') as $table) {
            $this->pdo->exec($this->tableOf($table));
        }
    }

    public function select(): Selecting
    {
        return new Selecting($this);
    }

    public function quoted($value): string
    {
        return match (true) {
            $value instanceof Expression => (string)$value,
            is_array($value) => implode(', ', array_map([$this, 'quoted'], $value)),
            is_int($value) => (string)$value,
            $value === null => 'NULL',
            default => $this->pdo->quote((string)$value),
        };
    }

    public function fetchAll($select): array
    {
        return $this->pdo->query($this->spoken((string)$select))->fetchAll();
    }

    public function fetchRow($select)
    {
        return $this->fetchAll($select)[0] ?? false;
    }

    public function fetchCol($select): array
    {
        return array_map(fn (array $row) => reset($row), $this->fetchAll($select));
    }

    public function fetchOne($select)
    {
        return $this->fetchCol($select)[0] ?? false;
    }

    public function fetchPairs($select): array
    {
        $rows = array_map('array_values', $this->fetchAll($select));
        return array_column($rows, 1, 0);
    }

    public function insertMultiple(string $table, array $rows): void
    {
        foreach ($rows as $row) {
            $this->insertOnDuplicate($table, $row, []);
        }
    }

    public function insertOnDuplicate(string $table, array $row, array $fields): void
    {
        $set = array_map(
            fn ($key, $field) => $field instanceof Expression ? "$key = $field" : "$field = excluded.$field",
            array_keys($fields),
            $fields
        );
        $this->run("INSERT INTO $table (" . implode(', ', array_keys($row)) . ") VALUES ({$this->quoted(array_values($row))})"
            . ($set ? ' ON CONFLICT DO UPDATE SET ' . implode(', ', $set) : ''));
    }

    public function update(string $table, array $row, array $where): int
    {
        $set = array_map(fn (string $name, $value) => "$name = " . $this->quoted($value), array_keys($row), $row);
        return $this->run("UPDATE $table SET " . implode(', ', $set) . $this->where($where));
    }

    public function delete(string $table, array $where): int
    {
        return $this->run("DELETE FROM $table" . $this->where($where));
    }

    public function run(string $sql): int
    {
        return $this->pdo->exec($this->spoken($sql));
    }

    private function where(array $where): string
    {
        $holds = [];
        foreach ($where as $condition => $value) {
            $holds[] = is_int($condition) ? $value : str_replace('?', $this->quoted($value), $condition);
        }
        return $holds ? ' WHERE ' . implode(' AND ', $holds) : '';
    }

    /**
     * MySQL's ways with time, in SQLite's.
     */
    private function spoken(string $sql): string
    {
        return preg_replace(
            [
                '/TIMESTAMPDIFF\(MINUTE, (MAX\(\w+\)), CURRENT_TIMESTAMP\)/',
                '/(?:CURRENT_TIMESTAMP|UTC_TIMESTAMP\(\)) ([+-]) INTERVAL (\d+) (\w+)/',
                '/UTC_TIMESTAMP\(\)/',
                '/JSON_MERGE_PATCH\((\w+), VALUES\((\w+)\)\)/',
            ],
            ["CAST((strftime('%s', 'now') - strftime('%s', $1)) / 60 AS INTEGER)", "datetime('now', '$1$2 $3')", "datetime('now')", 'json_patch($1, excluded.$2)'],
            $sql
        );
    }

    private function tableOf(SimpleXMLElement $table): string
    {
        $columns = $unique = [];
        foreach ($table->column as $column) {
            $default = (string)$column['default'];
            $isNumber = str_ends_with((string)$column->attributes('xsi', true)['type'], 'int');
            $columns[] = $column['name'] . match (true) {
                (string)$column['identity'] === 'true' => ' INTEGER PRIMARY KEY AUTOINCREMENT',
                isset($column['default']) && !$isNumber && $default !== 'CURRENT_TIMESTAMP' => " TEXT DEFAULT '$default'",
                isset($column['default']) => ($isNumber ? ' INTEGER' : ' TEXT') . " DEFAULT $default",
                default => $isNumber ? ' INTEGER' : ' TEXT',
            };
        }
        foreach ($table->constraint as $constraint) {
            $names = [];
            foreach ($constraint->column as $column) {
                $names[] = (string)$column['name'];
            }
            $isKey = in_array((string)$constraint->attributes('xsi', true)['type'], ['primary', 'unique'], true);
            if ($isKey && $names && $names !== ['id']) {
                $unique[] = 'UNIQUE (' . implode(', ', $names) . ')';
            }
        }
        return "CREATE TABLE {$table['name']} (" . implode(', ', [...$columns, ...$unique]) . ')';
    }
}
