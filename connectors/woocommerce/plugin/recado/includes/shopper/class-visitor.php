<?php
/**
 * Who is at the other end of this request: the address that counts for limits and is kept as proof of a consent.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Visitor {

	/**
	 * The shopper's address. What a browser can write itself is believed only from a proxy of our own: one with a
	 * private address. Shops behind a network with public addresses (a CDN) name theirs by the filter.
	 */
	public static function address(): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput
		$found = self::from( array_map( 'strval', array_filter( wp_unslash( $_SERVER ), 'is_scalar' ) ) );
		/**
		 * The address that a request comes from.
		 *
		 * @param string $found An IPv4 or IPv6 address.
		 */
		$named = (string) apply_filters( 'recado_visitor_address', $found );
		return filter_var( $named, FILTER_VALIDATE_IP ) ? $named : $found;
	}

	/**
	 * The same, from the server's variables.
	 *
	 * @param array<string, string> $server As PHP has them.
	 */
	public static function from( array $server ): string {
		$peer = $server['REMOTE_ADDR'] ?? '';
		if ( ! filter_var( $peer, FILTER_VALIDATE_IP ) ) {
			return '0.0.0.0';
		}
		if ( self::is_public( $peer ) ) {
			return $peer;
		}
		$hops = array_map( 'trim', explode( ',', $server['HTTP_X_FORWARDED_FOR'] ?? '' ) );
		foreach ( array_reverse( $hops ) as $hop ) {
			if ( ! filter_var( $hop, FILTER_VALIDATE_IP ) ) {
				break;
			}
			if ( self::is_public( $hop ) ) {
				return $hop;
			}
		}
		return $peer;
	}

	/**
	 * The language of this page, as the sidecar writes languages.
	 *
	 * @param string $named What a page says it is in; else that of this request.
	 */
	public static function locale( string $named = '' ): string {
		$locale = $named ? $named : determine_locale();
		return preg_match( '/^[a-z]{2,3}([_-][A-Za-z]{2,4})*/', $locale, $found ) ? $found[0] : 'en';
	}

	private static function is_public( string $address ): bool {
		return (bool) filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE );
	}
}
