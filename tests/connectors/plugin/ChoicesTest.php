<?php
/**
 * What an owner may choose is there from the first day, so that no page asks the database for what is missing.
 */

declare( strict_types=1 );

use Recado\Choices;
use Recado\Shopper\Code_Rule;

final class ChoicesTest extends ShopTest {

	public function test_all_that_a_checkout_asks_is_loaded_with_all_else(): void {
		Choices::lay_out();
		foreach ( array( 'checkout_mobile', 'consent_orders', 'consent_marketing', 'code_cash', 'code_from_on', 'code_new' ) as $name ) {
			$this->assertSame( 'no', get_option( "recado_$name" ) );
			$this->assertTrue( World::$autoloaded[ "recado_$name" ] );
		}
	}

	public function test_what_was_chosen_stays(): void {
		update_option( Code_Rule::NO_MOBILE, 'refuse' );
		Choices::lay_out();
		$this->assertSame( 'refuse', get_option( Code_Rule::NO_MOBILE ) );
	}
}
