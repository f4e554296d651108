<?php
/**
 * For which orders a number has to be confirmed by a code: the shop's choice. Nothing to pay needs no code.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Code_Rule {

	public const FOR_CASH   = 'recado_code_cash';
	public const FROM_ON    = 'recado_code_from_on';
	public const FROM       = 'recado_code_from';
	public const FOR_NEW    = 'recado_code_new';
	public const NO_MOBILE  = 'recado_code_no_mobile';
	public const NOT_SENT   = 'recado_code_not_sent';
	public const ANY_METHOD = '*';

	private const CASH_ON_DELIVERY = array( 'cod', 'cashondelivery' );

	/**
	 * Whether any order can need a code.
	 */
	public static function is_on(): bool {
		return self::is_yes( self::FOR_CASH ) || self::is_yes( self::FROM_ON ) || self::is_yes( self::FOR_NEW );
	}

	/**
	 * The ways of paying for which this order needs a code; ANY_METHOD for all.
	 *
	 * @param float    $total  Of the order.
	 * @param callable $is_new Whether the customer is; asked only where it matters.
	 * @return string[]
	 */
	public static function methods( float $total, callable $is_new ): array {
		if ( $total <= 0 ) {
			return array();
		}
		$above = self::is_yes( self::FROM_ON ) && $total >= (float) get_option( self::FROM, 0 );
		if ( $above || ( self::is_yes( self::FOR_NEW ) && $is_new() ) ) {
			return array( self::ANY_METHOD );
		}
		return self::is_yes( self::FOR_CASH ) ? self::cash_methods() : array();
	}

	public static function applies( array $methods, string $method ): bool {
		return in_array( self::ANY_METHOD, $methods, true ) || in_array( $method, $methods, true );
	}

	/**
	 * What becomes of an order whose customer has no mobile: hold, accept or refuse.
	 */
	public static function without_mobile(): string {
		return self::one_of( self::NO_MOBILE, array( 'hold', 'accept', 'refuse' ) );
	}

	/**
	 * What becomes of an order when no code could be sent: hold or refuse.
	 */
	public static function when_not_sent(): string {
		return self::one_of( self::NOT_SENT, array( 'hold', 'refuse' ) );
	}

	/**
	 * A customer is known by an order that was paid or delivered: of the account, or, for a guest, with both the same
	 * e-mail and the same number. An e-mail alone would let anybody pass by somebody else's.
	 *
	 * @param int    $customer_id 0 for guests.
	 * @param string $email       As typed.
	 * @param Number $number      As typed.
	 */
	public static function is_new_customer( int $customer_id, string $email, Number $number ): bool {
		$query = array(
			'status' => wc_get_is_paid_statuses(),
			'limit'  => $customer_id ? 1 : 10,
		);
		if ( $customer_id ) {
			return ! wc_get_orders( $query + array( 'customer_id' => $customer_id ) );
		}
		if ( ! is_email( $email ) || ! $number->is_plausible() ) {
			return true;
		}
		foreach ( wc_get_orders( $query + array( 'billing_email' => $email ) ) as $order ) {
			if ( Number::of_order( $order )->key() === $number->key() ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Ways of paying at the door.
	 *
	 * @return string[]
	 */
	private static function cash_methods(): array {
		/**
		 * The ways of paying that count as cash on delivery.
		 *
		 * @param string[] $methods Ids of payment methods.
		 */
		return array_values( (array) apply_filters( 'recado_cash_on_delivery_methods', self::CASH_ON_DELIVERY ) );
	}

	private static function is_yes( string $option ): bool {
		return 'yes' === get_option( $option, 'no' );
	}

	private static function one_of( string $option, array $words ): string {
		$word = (string) get_option( $option, $words[0] );
		return in_array( $word, $words, true ) ? $word : $words[0];
	}
}
