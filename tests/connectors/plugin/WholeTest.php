<?php
declare( strict_types=1 );

use Recado\Admin\Settings_Tab;
use Recado\Plugin;

final class WholeTest extends ShopTest {

	/**
	 * A name that is not there would stop the whole shop: WooCommerce builds its settings for REST too.
	 */
	public function test_everything_that_is_named_is_there_and_can_be_made(): void {
		foreach ( array( array( Plugin::class, 'FEATURES' ), array( Settings_Tab::class, 'SECTIONS' ) ) as list( $class, $list ) ) {
			$named = ( new ReflectionClass( $class ) )->getConstant( $list );
			$this->assertNotEmpty( $named );
			foreach ( $named as $name ) {
				$this->assertInstanceOf( $name, new $name( $this->plugin ) );
			}
		}
	}
}
