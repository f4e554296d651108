<?php
declare( strict_types=1 );

use Recado\Admin\General_Form;
use Recado\Admin\Settings_Tab;

final class FormTest extends ShopTest {

	public function test_what_is_typed_becomes_settings_of_the_sidecar(): void {
		$posted = array( 'mode' => '3', 'sender' => ' Loja <b>da</b> Ana ', 'alerts_enabled' => '', 'staff_numbers' => "+55 (11) 91234-5678;\n+351 912 345 678", 'placed_statuses' => array( '', 'processing', 'on-hold' ), 'settle_seconds' => '60' );
		$this->assertSame(
			array( 'sender' => 'Loja da Ana', 'mode' => 3, 'settle_seconds' => 60, 'alerts_enabled' => false, 'staff_numbers' => array( '+5511912345678', '+351912345678' ), 'placed_statuses' => array( 'processing', 'on-hold' ) ),
			General_Form::changes( $posted )
		);
	}

	public function test_a_field_that_is_not_on_the_page_is_left_alone(): void {
		$this->assertSame( array( 'mode' => 1 ), General_Form::changes( array( 'mode' => '1' ) ) );
	}

	public function test_modes_with_alerts_are_refused_with_what_to_switch_on(): void {
		$wanted = array( 'mode' => 5, 'alerts_enabled' => true );
		$this->assertStringContainsString( 'Inventory', General_Form::objections( $wanted )['mode'] );
		World::$options['woocommerce_manage_stock'] = 'yes';
		$this->assertSame( array(), General_Form::objections( $wanted ) );
		$this->assertStringContainsString( 'availability alerts', General_Form::objections( array( 'mode' => 5, 'alerts_enabled' => false ) )['mode'] );
		$this->assertSame( array(), General_Form::objections( array( 'mode' => 3, 'alerts_enabled' => false ) ) );
	}

	public function test_staff_numbers_need_their_country(): void {
		$this->assertStringContainsString( '11912345678', General_Form::objections( array( 'staff_numbers' => array( '11912345678' ) ) )['staff_numbers'] );
	}

	/**
	 * Finding 40: a field with the page's own id prints the page inside itself until memory is exhausted.
	 */
	public function test_finding_40_no_field_has_the_id_of_the_page(): void {
		foreach ( glob( RECADO_DIR . 'includes/*/*.php' ) as $file ) {
			preg_match_all( "/'id'\s*=>\s*'([^']+)'/", (string) file_get_contents( $file ), $found );
			$this->assertNotContains( Settings_Tab::PAGE, $found[1], $file );
		}
	}
}
