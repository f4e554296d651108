<?php
declare( strict_types=1 );

use Recado\Admin\Order_Box;
use Recado\Admin\Words;

final class WordsTest extends ShopTest {

	public function test_finding_36_a_status_that_a_plugin_adds_has_the_text_for_any_other(): void {
		$texts = Words::automatic_texts();
		$this->assertSame( 'Status: Processing', $texts['order_processing'] );
		$this->assertSame( 'Status: Ready for pickup', $texts['ready_for_pickup'] );
		$this->assertSame( 'Any other status', $texts['order_status'] );
		$this->assertArrayNotHasKey( 'checkout-draft', $texts );
	}

	public function test_finding_41_the_box_is_on_the_page_of_an_order_however_orders_are_kept(): void {
		$this->assertSame( 'woocommerce_page_wc-orders', Order_Box::screen() );
	}

	public function test_every_state_and_mode_has_words(): void {
		$this->assertSame( range( 0, 6 ), array_keys( Words::modes() ) );
		$states = array( 'held', 'queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'undelivered', 'rejected', 'expired', 'cancelled', 'superseded', 'suppressed', 'unknown' );
		$this->assertSame( $states, array_keys( array_filter( Words::states() ) ) );
	}
}
