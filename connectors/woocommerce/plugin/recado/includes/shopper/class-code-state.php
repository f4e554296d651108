<?php
/**
 * How far a shopper has come with the code, as the shop remembers it: nothing a browser says about it is believed.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Code_State {

	public const SENT      = 'sent';
	public const CONFIRMED = 'confirmed';
	public const NO_MOBILE = 'no_mobile';
	public const NOT_SENT  = 'not_sent';

	public const KEY = 'recado_code';

	private const GOOD_FOR = array(
		self::SENT      => 1800,
		self::CONFIRMED => 86400,
		self::NO_MOBILE => 3600,
		self::NOT_SENT  => 1800,
	);

	/**
	 * Where it is remembered: Visit or User_Session.
	 *
	 * @var Visit|User_Session
	 */
	private $memory;
	private int $now;

	/**
	 * Of one shopper.
	 *
	 * @param Visit|User_Session $memory Where it is remembered.
	 * @param int                $now    Seconds since 1970.
	 */
	public function __construct( $memory, int $now ) {
		$this->memory = $memory;
		$this->now    = $now;
	}

	/**
	 * Where this number stands; empty where nothing has happened, or long ago, or with another number.
	 *
	 * @param Number $number As typed.
	 */
	public function of( Number $number ): string {
		$kept  = $this->kept();
		$state = (string) ( $kept['state'] ?? '' );
		$fresh = isset( self::GOOD_FOR[ $state ] ) && $this->now < (int) $kept['at'] + self::GOOD_FOR[ $state ];
		return $fresh && $number->key() === $kept['key'] ? $state : '';
	}

	/**
	 * The sidecar's id of the code on its way to this number.
	 *
	 * @param Number $number As typed.
	 */
	public function code_id( Number $number ): string {
		return self::SENT === $this->of( $number ) ? (string) ( $this->kept()['id'] ?? '' ) : '';
	}

	/**
	 * The number that is confirmed, as a key; empty where none is.
	 */
	public function confirmed_key(): string {
		$kept = $this->kept();
		return self::CONFIRMED === ( $kept['state'] ?? '' ) ? (string) $kept['key'] : '';
	}

	public function become( string $state, Number $number, string $id = '' ): void {
		$this->memory->set(
			self::KEY,
			array(
				'state' => $state,
				'key'   => $number->key(),
				'id'    => $id,
				'at'    => $this->now,
			)
		);
	}

	/**
	 * After an order: who is confirmed stays so, a way out was for that order only.
	 */
	public function end_of_order(): void {
		if ( ! $this->confirmed_key() ) {
			$this->memory->set( self::KEY, null );
		}
	}

	private function kept(): array {
		$kept = $this->memory->get( self::KEY );
		return is_array( $kept ) && isset( $kept['key'], $kept['at'] ) ? $kept : array();
	}
}
