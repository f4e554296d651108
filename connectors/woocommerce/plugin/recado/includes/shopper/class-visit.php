<?php
/**
 * What is remembered of one visit: a row of its own. WooCommerce's session is one for everything, and of two requests at
 * once the later one writes over what the other has noted.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Visit {

	private const SECONDS = 86400;

	private string $name;

	/**
	 * Of a visitor.
	 *
	 * @param string $customer_id That WooCommerce's session gave, to guests too.
	 */
	public function __construct( string $customer_id ) {
		$this->name = '_' . substr( wp_hash( 'recado visit ' . $customer_id ), 0, 32 );
	}

	/**
	 * What was kept.
	 *
	 * @param string $key Its name.
	 * @return mixed
	 */
	public function get( string $key ) {
		return get_transient( $key . $this->name );
	}

	/**
	 * Keeps something, or with null no more.
	 *
	 * @param string $key   Its name.
	 * @param mixed  $value Anything.
	 */
	public function set( string $key, $value ): void {
		if ( null === $value ) {
			delete_transient( $key . $this->name );
		} else {
			set_transient( $key . $this->name, $value, self::SECONDS );
		}
	}
}
