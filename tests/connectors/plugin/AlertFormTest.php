<?php
declare( strict_types=1 );

use Recado\Shopper\Alert_Form;
use Recado\Shopper\Alert_Route;
use Recado\Shopper\Visitor;

final class AlertFormTest extends ShopperCase {

	private function ask( array $asked = array() ): WP_REST_Response {
		$route = new Alert_Route( $this->plugin );
		return $route->ask( $this->request( $asked + array( 'product' => 3, 'number' => '(11) 98765-4321', 'locale' => 'pt_BR', 'website' => '' ) ) );
	}

	private function form(): Alert_Form {
		return new Alert_Form( $this->plugin );
	}

	/**
	 * Finding 39: the stock's html is what a variation's data carries too, inside WooCommerce's own form.
	 */
	public function test_finding_39_the_form_stands_behind_out_of_stock_and_is_no_form_in_a_form(): void {
		foreach ( array( 'simple', 'variation', 'subscription' ) as $type ) {
			$html = $this->form()->add_form( '<p>Out</p>', $this->product( array( 'type' => $type ) ) );
			$this->assertStringStartsWith( '<p>Out</p><div class="recado-alert"', $html );
			$this->assertStringNotContainsString( '<form', $html );
			$this->assertStringNotContainsString( 'nonce', $html );
			$this->assertStringContainsString( 'Loja &amp; Cia', $html );
		}
	}

	public function test_it_stands_nowhere_else(): void {
		$nowhere = array(
			array( 'stock_status' => 'instock' ),
			array( 'stock_status' => 'onbackorder' ),
			array( 'type' => 'variable' ),
			array( 'type' => 'external' ),
			array( 'status' => 'private' ),
		);
		foreach ( $nowhere as $of ) {
			$this->assertSame( '', $this->form()->add_form( '', $this->product( $of ) ) );
		}
		$this->set( array( 'mode' => 3, 'alerts_enabled' => true, 'stock_managed' => true ) );
		$this->assertSame( '', $this->form()->add_form( '', $this->product() ) );
	}

	public function test_a_wish_is_passed_on_with_what_was_agreed_to_and_a_person_waits_five_seconds_at_most(): void {
		$this->product( array( 'id' => 9, 'parent_id' => 8, 'type' => 'variation', 'name' => 'Tênis 40' ) );
		World::answer( 202, array( 'id' => 'alr_1', 'confirmation' => 'link' ) );
		Shopping::$user = 2;
		$told        = $this->ask( array( 'product' => 9 ) );
		$this->assertSame( array( 202, 'noted' ), array( $told->status, $told->data['state'] ) );
		list( $path, $wish ) = $this->asked()[0];
		$this->assertSame( '/stock-alerts', $path );
		$this->assertSame( array( '8', '9', 'Tênis 40', 'BR', '203.0.113.7', '2' ), array( $wish['product_id'], $wish['variation_id'], $wish['name'], $wish['country'], $wish['ip'], $wish['customer_id'] ) );
		$this->assertStringContainsString( 'Loja & Cia', $wish['wording'] );
		$this->assertSame( 5, World::$calls[0]['timeout'] );
		$this->assertSame( array(), $this->rows() );
	}

	public function test_a_code_is_asked_for_where_the_shop_confirms_by_code(): void {
		$this->product();
		World::answer( 202, array( 'id' => 'alr_1', 'confirmation' => 'code' ) );
		$told = $this->ask();
		$this->assertSame( array( 'code', 'alr_1' ), array( $told->data['state'], $told->data['alert'] ) );
		World::answer( 200, array( 'id' => 'alr_1' ) );
		$told = ( new Alert_Route( $this->plugin ) )->confirm( $this->request( array( 'alert' => 'alr_1', 'code' => ' 123 456' ) ) );
		$this->assertSame( array( 200, array( '/stock-alerts/alr_1/confirm', array( 'code' => '123456' ) ) ), array( $told->status, $this->asked()[1] ) );
		$told = ( new Alert_Route( $this->plugin ) )->confirm( $this->request( array( 'alert' => '../messages', 'code' => '123456' ) ) );
		$this->assertSame( array( 422, 2 ), array( $told->status, count( World::$calls ) ) );
	}

	/**
	 * @dataProvider absences
	 */
	public function test_with_the_sidecar_away_the_wish_is_kept_and_the_shopper_is_told_so( callable $away ): void {
		$this->product();
		$away( $this );
		$told = $this->ask();
		$this->assertSame( array( 202, 'noted' ), array( $told->status, $told->data['state'] ) );
		$this->assertStringContainsString( 'cannot send texts at the moment', $told->data['words'] );
		$this->assertSame( array( array( 'type' => 'alert.asked', 'data' => $this->asked()[0][1] ) ), $this->told() );
	}

	public static function absences(): array {
		return array(
			'no answer'    => array( static fn() => null ),
			'an error'     => array( static fn() => World::answer( 502, '<html>' ) ),
			'an old token' => array( static fn( $test ) => $test->refuse( 401, 'unauthorized' ) ),
		);
	}

	public function test_what_the_sidecar_refuses_is_said_and_not_kept(): void {
		$this->product();
		foreach ( array( 'bad_number' => 422, 'too_many_requests' => 429, 'alerts_off' => 409 ) as $code => $status ) {
			$this->refuse( $status, $code );
			$told = $this->ask();
			$this->assertSame( array( $status, 'refused' ), array( $told->status, $told->data['state'] ) );
			$this->assertNotSame( 'No.', $told->data['words'] );
		}
		$this->assertSame( array(), $this->rows() );
	}

	public function test_machines_and_products_that_are_back_cost_no_call(): void {
		$this->product();
		$this->assertSame( 202, $this->ask( array( 'website' => 'https://spam.example' ) )->status );
		$this->product( array( 'stock_status' => 'instock' ) );
		$this->assertSame( 409, $this->ask()->status );
		$this->product();
		foreach ( array( '', 'abc', '12345', str_repeat( '1', 31 ) ) as $number ) {
			$this->assertSame( 422, $this->ask( array( 'number' => $number ) )->status );
		}
		$this->assertSame( array( array(), array() ), array( World::$calls, $this->rows() ) );
	}

	public function test_one_address_asks_five_times_in_ten_minutes(): void {
		$this->product();
		for ( $time = 1; $time <= 5; $time++ ) {
			$this->assertSame( 202, $this->ask()->status );
		}
		$this->assertSame( 429, $this->ask()->status );
		$this->assertCount( 5, World::$calls );
		$_SERVER['REMOTE_ADDR'] = '203.0.113.8';
		$this->assertSame( 202, $this->ask()->status );
		$_SERVER['REMOTE_ADDR'] = '203.0.113.7';
		World::$now            += 601;
		$this->assertSame( 202, $this->ask()->status );
	}

	/**
	 * @dataProvider ways_here
	 */
	public function test_only_a_proxy_of_our_own_is_believed_about_an_address( string $peer, string $forwarded, string $address ): void {
		$this->assertSame( $address, Visitor::from( array( 'REMOTE_ADDR' => $peer, 'HTTP_X_FORWARDED_FOR' => $forwarded ) ) );
	}

	public static function ways_here(): array {
		return array(
			array( '203.0.113.7', '8.8.8.8', '203.0.113.7' ),
			array( '10.0.0.2', '', '10.0.0.2' ),
			array( '10.0.0.2', '1.1.1.1, 8.8.8.8', '8.8.8.8' ),
			array( '10.0.0.2', '1.1.1.1, 8.8.8.8, 10.0.0.3', '8.8.8.8' ),
			array( '10.0.0.2', '8.8.8.8, junk', '10.0.0.2' ),
			array( '::1', '2606:4700::1111', '2606:4700::1111' ),
			array( '', '8.8.8.8', '0.0.0.0' ),
		);
	}
}
