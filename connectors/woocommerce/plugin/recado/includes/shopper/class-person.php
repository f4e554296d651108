<?php
/**
 * Whom WordPress means by an e-mail address: an account, orders, and the numbers written there.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Person {

	private const MOST_ORDERS = 200;

	private string $email;
	private ?\WP_User $user;

	/**
	 * The orders, once they were asked for.
	 *
	 * @var \WC_Order[]|null
	 */
	private ?array $orders = null;

	public function __construct( string $email ) {
		$user        = get_user_by( 'email', $email );
		$this->email = $email;
		$this->user  = $user instanceof \WP_User ? $user : null;
	}

	public function user_id(): int {
		return $this->user ? $this->user->ID : 0;
	}

	/**
	 * Every number once, and whether a code has proved it: in the account, or when an order was placed.
	 *
	 * @return array<int, array{number: Number, proven: bool}>
	 */
	public function numbers(): array {
		$found = array();
		foreach ( $this->orders() as $order ) {
			$confirmed = Code_State::CONFIRMED === $order->get_meta( Code_Gate::META );
			self::add( $found, Number::of_order( $order ), $confirmed );
			self::add( $found, new Number( (string) $order->get_billing_phone(), (string) $order->get_billing_country() ), false );
		}
		if ( $this->user ) {
			$proven = Proven::of( $this->user->ID );
			if ( $proven ) {
				self::add( $found, $proven, true );
			}
			$written = new Number( (string) get_user_meta( $this->user->ID, 'billing_phone', true ), (string) get_user_meta( $this->user->ID, 'billing_country', true ) );
			self::add( $found, $written, false );
		}
		return array_values( $found );
	}

	public function has_order( string $order_id ): bool {
		foreach ( $this->orders() as $order ) {
			if ( (string) $order->get_id() === $order_id ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether somebody else has ordered with this number too, as it is typed.
	 *
	 * @param Number $number Of this person.
	 */
	public function shares( Number $number ): bool {
		$orders = wc_get_orders(
			array(
				'billing_phone' => $number->typed,
				'limit'         => 50,
			)
		);
		foreach ( $orders as $order ) {
			if ( 0 !== strcasecmp( $order->get_billing_email(), $this->email ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * What the account itself keeps of ours.
	 */
	public function forget(): void {
		foreach ( $this->user ? array( Proven::META, '_' . Code_State::KEY, Checkout_Fields::CLASSIC_MOBILE ) : array() as $key ) {
			delete_user_meta( $this->user->ID, $key );
		}
	}

	/**
	 * The latest.
	 *
	 * @return \WC_Order[]
	 */
	private function orders(): array {
		if ( null === $this->orders ) {
			$query        = array(
				'limit'    => self::MOST_ORDERS,
				'type'     => 'shop_order',
				'customer' => $this->user ? array( $this->email, $this->user->ID ) : $this->email,
			);
			$this->orders = array_filter( (array) wc_get_orders( $query ), static fn( $order ) => $order instanceof \WC_Order );
		}
		return $this->orders;
	}

	private static function add( array &$found, Number $number, bool $proven ): void {
		if ( $number->is_plausible() ) {
			$key           = $number->key();
			$found[ $key ] = array(
				'number' => $number,
				'proven' => $proven || ! empty( $found[ $key ]['proven'] ),
			);
		}
	}
}
