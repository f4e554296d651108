<?php
declare( strict_types=1 );

use Recado\Admin\Settings_Tab;
use Recado\Plugin;
use Recado\Shopper\Account_Page;

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

	/**
	 * Finding 44: where WooCommerce is taken away behind WordPress's back, nothing of ours is in anybody's way.
	 */
	public function test_finding_44_without_woocommerce_it_does_nothing(): void {
		$this->assertFalse( class_exists( 'WooCommerce' ) );
		$this->plugin->register_features();
		$this->assertSame( array(), World::$hooks );
	}

	/**
	 * WooCommerce makes the address of whatever is among its query variables, once the rules have been made anew.
	 */
	public function test_finding_43_my_account_has_a_page_for_texts_and_its_address_is_made_once(): void {
		( new Account_Page( $this->plugin ) )->register();
		$address = array_key_first( World::$hooks['woocommerce_get_query_vars'][0][0]( array() ) );
		$menu    = World::$hooks['woocommerce_account_menu_items'][0][0]( array( 'orders' => 'Orders', 'customer-logout' => 'Log out' ) );
		$this->assertSame( array( 'orders', $address, 'customer-logout' ), array_keys( $menu ) );
		$this->assertArrayHasKey( "woocommerce_account_{$address}_endpoint", World::$hooks );
		update_option( Account_Page::FLUSH, 'yes' );
		World::fire( 'wp_loaded' );
		World::fire( 'wp_loaded' );
		$this->assertSame( 1, World::$flushed );
	}

	/**
	 * WooCommerce loads the class of settings pages on its settings page only.
	 */
	public function test_links_to_the_settings_can_be_made_where_there_are_no_settings(): void {
		$this->assertFalse( class_exists( 'WC_Settings_Page', false ) );
		$links = ( new Settings_Tab( $this->plugin ) )->add_link( array() );
		$this->assertStringContainsString( 'tab=recado', $links[0] );
		$this->assertStringContainsString( 'tab=recado', ( new Recado\Admin\Site_Health( $this->plugin ) )->test()['actions'] );
	}
}
