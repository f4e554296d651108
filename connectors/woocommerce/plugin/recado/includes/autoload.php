<?php
/**
 * Finds our classes: Recado\Outbox\Pull_Route lives in includes/outbox/class-pull-route.php, and an interface in a
 * file that begins with interface-.
 *
 * @package Recado
 */

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( string $name ): void {
		if ( 0 !== strpos( $name, 'Recado\\' ) ) {
			return;
		}
		$parts  = explode( '\\', strtolower( str_replace( '_', '-', substr( $name, 7 ) ) ) );
		$file   = array_pop( $parts );
		$folder = __DIR__ . '/' . implode( '', array_map( static fn( $part ) => $part . '/', $parts ) );
		foreach ( array( 'class-', 'interface-' ) as $kind ) {
			if ( is_readable( $folder . $kind . $file . '.php' ) ) {
				require_once $folder . $kind . $file . '.php';
				return;
			}
		}
	}
);
