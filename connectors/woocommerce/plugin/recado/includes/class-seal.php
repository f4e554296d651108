<?php
/**
 * Keeps secrets in the database unreadable without the keys of wp-config.php.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Seal {

	public static function close( string $secret ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return base64_encode( $nonce . sodium_crypto_secretbox( $secret, $nonce, self::key() ) );
	}

	/**
	 * What was sealed; empty when the keys have changed since, or nothing was.
	 *
	 * @param string $sealed As kept.
	 */
	public static function open( string $sealed ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		$bytes = (string) base64_decode( $sealed, true );
		if ( strlen( $bytes ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES + SODIUM_CRYPTO_SECRETBOX_MACBYTES ) {
			return '';
		}
		$nonce  = substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$opened = sodium_crypto_secretbox_open( substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $nonce, self::key() );
		return false === $opened ? '' : $opened;
	}

	private static function key(): string {
		return hash( 'sha256', 'recado' . wp_salt( 'auth' ), true );
	}
}
