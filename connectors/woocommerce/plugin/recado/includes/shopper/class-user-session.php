<?php
/**
 * Remembers with a customer what Visit remembers of a visitor.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class User_Session {

	private int $user_id;

	public function __construct( int $user_id ) {
		$this->user_id = $user_id;
	}

	/**
	 * What was kept.
	 *
	 * @param string $key Its name.
	 * @return mixed
	 */
	public function get( string $key ) {
		return get_user_meta( $this->user_id, '_' . $key, true );
	}

	/**
	 * Keeps something, or with null no more.
	 *
	 * @param string $key   Its name.
	 * @param mixed  $value Anything.
	 */
	public function set( string $key, $value ): void {
		if ( null === $value ) {
			delete_user_meta( $this->user_id, '_' . $key );
		} else {
			update_user_meta( $this->user_id, '_' . $key, $value );
		}
	}
}
