<?php
/**
 * WordPress's database, on SQLite in memory: the plugin's own statements are run as they are.
 */

declare( strict_types=1 );

class wpdb {
	public string $prefix = 'wp_';
	private PDO $pdo;

	public function __construct() {
		$this->pdo = new PDO( 'sqlite::memory:' );
		$this->pdo->setAttribute( PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION );
		$this->pdo->setAttribute( PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_OBJ );
		$this->pdo->exec(
			"CREATE TABLE wp_recado_outbox (
				id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE, once_key TEXT UNIQUE, state TEXT DEFAULT 'waiting',
				body TEXT NOT NULL, attempts INTEGER DEFAULT 0, problem TEXT DEFAULT '', created_at INTEGER, due_at INTEGER,
				claimed_until INTEGER DEFAULT 0, ended_at INTEGER DEFAULT 0)"
		);
	}

	/**
	 * WooCommerce's table for limits, and MySQL's way to count in it.
	 */
	private function count( string $sql ): string {
		$this->pdo->exec( 'CREATE TABLE IF NOT EXISTS wp_wc_rate_limits (rate_limit_key TEXT UNIQUE, rate_limit_expiry INTEGER, rate_limit_remaining INTEGER)' );
		$sql = str_replace( array( 'ON DUPLICATE KEY UPDATE', 'IF(', 'GREATEST(' ), array( 'ON CONFLICT(rate_limit_key) DO UPDATE SET', 'IIF(', 'MAX(' ), $sql );
		return (string) preg_replace( '/VALUES\((\w+)\)/', 'excluded.$1', $sql );
	}

	public function prepare( string $sql, ...$values ): string {
		$values = is_array( $values[0] ?? null ) ? $values[0] : $values;
		return (string) preg_replace_callback(
			'/%[sd]/',
			function ( array $found ) use ( &$values ): string {
				$value = array_shift( $values );
				return '%d' === $found[0] ? (string) (int) $value : $this->pdo->quote( (string) $value );
			},
			$sql
		);
	}
	public function query( string $sql ) {
		$sql = false === strpos( $sql, 'ON DUPLICATE' ) ? $sql : $this->count( $sql );
		return $this->pdo->exec( str_replace( 'INSERT IGNORE', 'INSERT OR IGNORE', $sql ) );
	}
	public function get_results( string $sql ): array {
		return $this->pdo->query( $sql )->fetchAll();
	}
	public function get_col( string $sql ): array {
		return $this->pdo->query( $sql )->fetchAll( PDO::FETCH_COLUMN );
	}
	public function get_var( string $sql ) {
		return $this->pdo->query( $sql )->fetchColumn();
	}
	public function update( string $table, array $columns, array $where ): int {
		$set = implode( ', ', array_map( static fn( $name ) => "$name = ?", array_keys( $columns ) ) );
		$if  = implode( ' AND ', array_map( static fn( $name ) => "$name = ?", array_keys( $where ) ) );
		$run = $this->pdo->prepare( "UPDATE $table SET $set WHERE $if" );
		$run->execute( array_merge( array_values( $columns ), array_values( $where ) ) );
		return $run->rowCount();
	}
}
