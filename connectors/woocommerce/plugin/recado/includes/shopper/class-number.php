<?php
/**
 * A phone number as somebody typed it, with the country it was typed in. What it really is, the sidecar knows.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Number {

	/**
	 * Where an order keeps the mobile number for texts, besides its billing phone. The sidecar reads it there.
	 */
	public const META = '_recado_mobile';

	public string $typed;
	public string $country;

	public function __construct( string $typed, string $country ) {
		$this->typed   = trim( $typed );
		$this->country = preg_match( '/^[A-Z]{2}$/', $country ) ? $country : '';
	}

	/**
	 * The one that an order's texts go to.
	 *
	 * @param \WC_Order $order Placed, or being placed.
	 */
	public static function of_order( \WC_Order $order ): self {
		$mobile = (string) $order->get_meta( self::META );
		return new self(
			'' === $mobile ? (string) $order->get_billing_phone() : $mobile,
			(string) ( $order->get_billing_country() ? $order->get_billing_country() : $order->get_shipping_country() )
		);
	}

	/**
	 * Whether it can be a number at all.
	 */
	public function is_plausible(): bool {
		$digits = strlen( self::digits( $this->typed ) );
		return strlen( $this->typed ) <= 30 && $digits >= 6 && $digits <= 17;
	}

	/**
	 * The same for the same number however it was spaced; the script of the checkout makes the same one. Where more than
	 * one may stand in a field, its digits do not tell which is texted.
	 */
	public function key(): string {
		if ( ! preg_match( '/^\+?[0-9 ().-]+$/D', $this->typed ) ) {
			return $this->country . ' ' . $this->typed;
		}
		$foreign = '+' === substr( $this->typed, 0, 1 );
		return $foreign ? '+' . self::digits( $this->typed ) : $this->country . self::digits( $this->typed );
	}

	/**
	 * As the sidecar is asked about it.
	 *
	 * @return array<string, string>
	 */
	public function for_sidecar(): array {
		return array(
			'number'  => $this->typed,
			'country' => $this->country,
		);
	}

	private static function digits( string $text ): string {
		return (string) preg_replace( '/\D/', '', $text );
	}
}
