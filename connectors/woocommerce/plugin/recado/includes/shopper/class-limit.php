<?php
/**
 * How often something may be asked for: counted in WooCommerce's own table for that, in one statement, so that many
 * requests at once are no more than one after the other. WooCommerce clears the table itself.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Limit {

	private \wpdb $db;

	public function __construct( \wpdb $db ) {
		$this->db = $db;
	}

	/**
	 * Takes one of so many in so many seconds; returns whether there was one left.
	 *
	 * @param string $what    What is asked for.
	 * @param string $who     By whom; kept as a hash only.
	 * @param int    $most    How many.
	 * @param int    $seconds In which time.
	 */
	public function take( string $what, string $who, int $most, int $seconds ): bool {
		$key = 'recado_' . $what . '_' . substr( wp_hash( $who ), 0, 24 );
		$now = time();
		// phpcs:ignore WordPress.DB
		$this->db->query(
			$this->db->prepare(
				"INSERT INTO {$this->db->prefix}wc_rate_limits (rate_limit_key, rate_limit_expiry, rate_limit_remaining)
				VALUES (%s, %d, %d) ON DUPLICATE KEY UPDATE
				rate_limit_remaining = IF(rate_limit_expiry <= %d, %d, GREATEST(rate_limit_remaining, 1) - 1),
				rate_limit_expiry = IF(rate_limit_expiry <= %d, VALUES(rate_limit_expiry), rate_limit_expiry)",
				$key,
				$now + $seconds,
				$most,
				$now,
				$most,
				$now
			)
		);
		return $this->left( $key ) > 0;
	}

	private function left( string $key ): int {
		// phpcs:ignore WordPress.DB
		return (int) $this->db->get_var(
			$this->db->prepare( "SELECT rate_limit_remaining FROM {$this->db->prefix}wc_rate_limits WHERE rate_limit_key = %s", $key )
		);
	}
}
