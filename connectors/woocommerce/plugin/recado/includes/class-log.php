<?php
/**
 * WooCommerce > Status > Logs, source "recado". Never holds a number, a text or a secret.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Log {

	private const SOURCE = array( 'source' => 'recado' );

	public function info( string $line ): void {
		$this->write( 'info', $line );
	}

	public function warning( string $line ): void {
		$this->write( 'warning', $line );
	}

	public function error( string $line ): void {
		$this->write( 'error', $line );
	}

	private function write( string $level, string $line ): void {
		if ( function_exists( 'wc_get_logger' ) ) {
			wc_get_logger()->log( $level, self::without_secrets( $line ), self::SOURCE );
		}
	}

	/**
	 * Whatever found its way into a line: tokens and secrets go, numbers of eight digits and more lose all but two.
	 *
	 * @param string $line A line of the log.
	 */
	public static function without_secrets( string $line ): string {
		$line = (string) preg_replace( '/\b(rct_|whsec_)[A-Za-z0-9_\-+\/=]+/', '$1…', $line );
		return (string) preg_replace_callback(
			'/(?<![A-Za-z0-9_])\+?\d[\d\s().\-]{6,}\d/',
			static fn( array $found ) => '…' . substr( (string) preg_replace( '/\D/', '', $found[0] ), -2 ),
			$line
		);
	}
}
