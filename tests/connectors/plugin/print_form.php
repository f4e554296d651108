<?php
/**
 * Prints the form "Text me when it is back" of a sold-out product, for the tests of its script.
 */

declare( strict_types=1 );

namespace PHPUnit\Framework {
	abstract class TestCase {
	}
}

namespace {
	require __DIR__ . '/bootstrap.php';
	$plugin = ( new ReflectionClass( Recado\Plugin::class ) )->newInstanceWithoutConstructor();
	$plugin->settings()->keep( array( 'mode' => 6, 'alerts_enabled' => true, 'stock_managed' => true ), array() );
	World::$options['blogname'] = 'Loja';
	$product                    = new WC_Product( array( 'stock_status' => 'outofstock' ) );
	echo ( new Recado\Shopper\Alert_Form( $plugin ) )->add_form( '', $product );
}
