<?php
/**
 * What happened in the shop and has to reach the sidecar: written in the request in which it happens, one row each.
 *
 * @package Recado
 */

namespace Recado\Outbox;

defined( 'ABSPATH' ) || exit;

final class Outbox {

	public const TABLE = 'recado_outbox';

	private const WAITING   = 'waiting';
	private const DELIVERED = 'delivered';
	private const DEAD      = 'dead';

	/**
	 * How long delivered rows stay, without their body, and dead ones with it.
	 */
	private const KEEP_DELIVERED = 7 * 86400;
	private const KEEP_DEAD      = 30 * 86400;
	private const PRUNE_AT_ONCE  = 1000;

	private \wpdb $db;
	private string $table;
	private bool $has_news = false;

	public function __construct( \wpdb $db ) {
		$this->db    = $db;
		$this->table = $db->prefix . self::TABLE;
	}

	/**
	 * Keeps an event. One INSERT, and never a reason for a checkout to fail.
	 *
	 * @param string $body     The exact JSON that will be sent.
	 * @param string $once_key What is told once only, however often it is noticed; empty for what may repeat.
	 */
	public function add( string $body, string $once_key = '' ): void {
		$now     = time();
		$columns = array( 'event_id', 'once_key', 'body', 'created_at', 'due_at' );
		$values  = array( self::new_id(), $once_key, $body, $now, $now );
		// phpcs:ignore WordPress.DB
		$this->has_news = (bool) $this->db->query(
			$this->db->prepare(
				"INSERT IGNORE INTO {$this->table} (" . implode( ', ', $columns ) . ") VALUES (%s, NULLIF(%s, ''), %s, %d, %d)",
				$values
			)
		) || $this->has_news;
	}

	/**
	 * Whether this request has written anything.
	 */
	public function has_news(): bool {
		return $this->has_news;
	}

	/**
	 * The oldest rows that may leave now and that nobody else is sending.
	 *
	 * @param int $limit At most so many.
	 * @param int $now   Seconds since 1970.
	 * @return array<int, object> With id, event_id, body, attempts, created_at.
	 */
	public function due( int $limit, int $now ): array {
		// phpcs:ignore WordPress.DB
		return (array) $this->db->get_results(
			$this->db->prepare(
				"SELECT id, event_id, body, attempts, created_at FROM {$this->table}
				WHERE state = %s AND {$this->from_the_first_waiting()} AND due_at <= %d AND claimed_until <= %d ORDER BY id LIMIT %d",
				self::WAITING,
				$now,
				$now,
				$limit
			)
		);
	}

	/**
	 * Takes a row for this process alone; should it die, the row is free again in a moment.
	 *
	 * @param int $id    Of the row.
	 * @param int $now   Seconds since 1970.
	 * @param int $until The same.
	 */
	public function claim( int $id, int $now, int $until ): bool {
		// phpcs:ignore WordPress.DB
		return 1 === $this->db->query(
			$this->db->prepare(
				"UPDATE {$this->table} SET claimed_until = %d, attempts = attempts + 1
				WHERE id = %d AND state = %s AND claimed_until <= %d",
				$until,
				$id,
				self::WAITING,
				$now
			)
		);
	}

	/**
	 * The sidecar has these on its disk. What they said is of no more use here, and is personal data: it goes.
	 *
	 * @param string[] $event_ids Any that are not ours are passed over.
	 * @param int      $now       Seconds since 1970.
	 */
	public function mark_delivered( array $event_ids, int $now ): void {
		if ( ! $event_ids ) {
			return;
		}
		$places = implode( ', ', array_fill( 0, count( $event_ids ), '%s' ) );
		// phpcs:ignore WordPress.DB
		$this->db->query(
			$this->db->prepare(
				"UPDATE {$this->table} SET state = %s, body = '', problem = '', ended_at = %d WHERE event_id IN ($places)",
				array_merge( array( self::DELIVERED, $now ), array_values( $event_ids ) )
			)
		);
	}

	public function try_again( int $id, int $due_at, string $problem ): void {
		$this->change(
			$id,
			array(
				'due_at'        => $due_at,
				'claimed_until' => 0,
				'problem'       => $problem,
			)
		);
	}

	public function give_up( int $id, int $now, string $problem ): void {
		$this->change(
			$id,
			array(
				'state'    => self::DEAD,
				'ended_at' => $now,
				'problem'  => $problem,
			)
		);
	}

	/**
	 * For the sidecar's pull: the oldest that it has not confirmed, whether or not they are on their way.
	 *
	 * @param int $limit At most so many.
	 * @return array<int, object> With event_id and body.
	 */
	public function oldest( int $limit ): array {
		// phpcs:ignore WordPress.DB
		return (array) $this->db->get_results(
			$this->db->prepare(
				"SELECT event_id, body FROM {$this->table} WHERE state = %s AND {$this->from_the_first_waiting()} ORDER BY id LIMIT %d",
				self::WAITING,
				$limit
			)
		);
	}

	/**
	 * How it stands.
	 *
	 * @return array{waiting: int, dead: int, oldest: int} Counts, and the moment of the oldest that waits (0: none).
	 */
	public function standing(): array {
		// phpcs:ignore WordPress.DB
		$rows    = (array) $this->db->get_results(
			$this->db->prepare(
				"SELECT state, COUNT(*) AS total, MIN(created_at) AS oldest FROM {$this->table} WHERE state IN (%s, %s) GROUP BY state",
				self::WAITING,
				self::DEAD
			)
		);
		$by_name = array_column( $rows, null, 'state' );
		return array(
			'waiting' => (int) ( $by_name[ self::WAITING ]->total ?? 0 ),
			'dead'    => (int) ( $by_name[ self::DEAD ]->total ?? 0 ),
			'oldest'  => (int) ( $by_name[ self::WAITING ]->oldest ?? 0 ),
		);
	}

	public function waiting(): int {
		// phpcs:ignore WordPress.DB
		return (int) $this->db->get_var(
			$this->db->prepare( "SELECT COUNT(*) FROM {$this->table} WHERE state = %s", self::WAITING )
		);
	}

	/**
	 * The shop has been disconnected: nobody is told any more, and what waits is not kept for ever.
	 *
	 * @param int $now Seconds since 1970.
	 */
	public function set_all_aside( int $now ): void {
		$aside = array(
			'state'    => self::DEAD,
			'ended_at' => $now,
			'problem'  => 'disconnected',
		);
		// phpcs:ignore WordPress.DB
		$this->db->update( $this->table, $aside, array( 'state' => self::WAITING ) );
	}

	/**
	 * Gives the dead another chance; returns how many there were.
	 *
	 * @param int $now Seconds since 1970.
	 */
	public function revive( int $now ): int {
		$fresh = array(
			'state'         => self::WAITING,
			'attempts'      => 0,
			'created_at'    => $now,
			'due_at'        => $now,
			'claimed_until' => 0,
			'ended_at'      => 0,
		);
		// phpcs:ignore WordPress.DB
		return (int) $this->db->update( $this->table, $fresh, array( 'state' => self::DEAD ) );
	}

	/**
	 * Deletes what has been kept long enough, a part at a time so that no lock lasts; returns whether there is more.
	 *
	 * @param int $now Seconds since 1970.
	 */
	public function prune( int $now ): bool {
		// phpcs:ignore WordPress.DB
		$ids = $this->db->get_col(
			$this->db->prepare(
				"SELECT id FROM {$this->table} WHERE (state = %s AND ended_at < %d) OR (state = %s AND ended_at < %d) LIMIT %d",
				self::DELIVERED,
				$now - self::KEEP_DELIVERED,
				self::DEAD,
				$now - self::KEEP_DEAD,
				self::PRUNE_AT_ONCE
			)
		);
		if ( $ids ) {
			// phpcs:ignore WordPress.DB
			$this->db->query( "DELETE FROM {$this->table} WHERE id IN (" . implode( ',', array_map( 'intval', $ids ) ) . ')' );
		}
		return self::PRUNE_AT_ONCE === count( $ids );
	}

	/**
	 * Databases otherwise walk past all that was delivered, since they expect the first of so few rows to be near.
	 */
	private function from_the_first_waiting(): string {
		return "id >= (SELECT MIN(id) FROM {$this->table} WHERE state = '" . self::WAITING . "')";
	}

	private function change( int $id, array $columns ): void {
		// phpcs:ignore WordPress.DB
		$this->db->update(
			$this->table,
			$columns,
			array(
				'id'    => $id,
				'state' => self::WAITING,
			)
		);
	}

	/**
	 * In the order of time, and never the same twice.
	 */
	private static function new_id(): string {
		return sprintf( 'evt_%012x%s', (int) ( microtime( true ) * 1000 ), bin2hex( random_bytes( 8 ) ) );
	}
}
