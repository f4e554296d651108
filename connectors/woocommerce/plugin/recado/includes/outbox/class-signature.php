<?php
/**
 * Standard Webhooks: how the shop and the sidecar know each other's messages.
 *
 * @package Recado
 */

namespace Recado\Outbox;

defined( 'ABSPATH' ) || exit;

final class Signature {

	/**
	 * Clocks may differ by so many seconds, and nothing older is believed.
	 */
	private const TOLERANCE = 300;

	/**
	 * The three headers of a message.
	 *
	 * @param string $id        Of the event.
	 * @param int    $timestamp Seconds since 1970.
	 * @param string $body      Exactly as sent.
	 * @param string $secret    Begins with whsec_.
	 * @return array<string, string>
	 */
	public static function headers( string $id, int $timestamp, string $body, string $secret ): array {
		return array(
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $timestamp,
			'webhook-signature' => self::of( $id, (string) $timestamp, $body, $secret ),
		);
	}

	/**
	 * Whether a message is genuine and of now. A header may hold several signatures, of which one has to fit.
	 *
	 * @param array<string, string> $headers By lower-case name.
	 * @param string                $body    Exactly as received.
	 * @param string                $secret  Begins with whsec_; an empty one verifies nothing.
	 * @param int                   $now     Seconds since 1970.
	 */
	public static function is_genuine( array $headers, string $body, string $secret, int $now ): bool {
		$id        = $headers['webhook-id'] ?? '';
		$timestamp = $headers['webhook-timestamp'] ?? '';
		if ( '' === self::key( $secret ) || '' === $id || ! preg_match( '/^\d{1,12}$/', $timestamp ) ) {
			return false;
		}
		if ( abs( $now - (int) $timestamp ) > self::TOLERANCE ) {
			return false;
		}
		$expected = self::of( $id, $timestamp, $body, $secret );
		$genuine  = false;
		foreach ( explode( ' ', $headers['webhook-signature'] ?? '' ) as $given ) {
			$genuine = hash_equals( $expected, $given ) || $genuine;
		}
		return $genuine;
	}

	private static function of( string $id, string $timestamp, string $body, string $secret ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$timestamp.$body", self::key( $secret ), true ) );
	}

	private static function key( string $secret ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return (string) base64_decode( (string) preg_replace( '/^whsec_/', '', $secret ), true );
	}
}
