<?php
declare( strict_types=1 );

use Automattic\WooCommerce\StoreApi\Exceptions\RouteException;
use Recado\Shopper\Code_Desk;
use Recado\Shopper\Code_Gate;
use Recado\Shopper\Code_Rule;
use Recado\Shopper\Code_State;
use Recado\Shopper\Number;
use Recado\Shopper\Proven;

final class CodeTest extends ShopperCase {

	private const TYPED = '(11) 98765-4321';

	protected function setUp(): void {
		parent::setUp();
		World::$options[ Code_Rule::FOR_CASH ] = 'yes';
	}

	private function number( string $typed = self::TYPED ): Number {
		return new Number( $typed, 'BR' );
	}

	private function state(): Code_State {
		return ( new Code_Gate( $this->plugin ) )->state();
	}

	private function desk(): Code_Desk {
		return new Code_Desk( $this->plugin->sidecar(), $this->state(), 'checkout_1' );
	}

	private function order( array $of = array() ): WC_Order {
		return new WC_Order( $of + array( 'payment_method' => 'cod', 'country' => 'BR', 'phone' => self::TYPED, 'email' => 'bia@loja.example' ) );
	}

	/**
	 * What the classic checkout objects to.
	 */
	private function objections( string $method = 'cod', array $more = array() ): array {
		$errors = new WP_Error();
		$data   = $more + array( 'payment_method' => $method, 'billing_phone' => self::TYPED, 'billing_country' => 'BR', 'billing_email' => 'bia@loja.example' );
		( new Code_Gate( $this->plugin ) )->check_classic( $data, $errors );
		return array_keys( $errors->messages );
	}

	public function test_a_code_is_needed_where_the_shop_chose_so(): void {
		$new   = static fn() => true;
		$known = static fn() => false;
		$this->assertSame( array( 'cod', 'cashondelivery' ), Code_Rule::methods( 10.0, $new ) );
		World::$options[ Code_Rule::FROM_ON ] = 'yes';
		World::$options[ Code_Rule::FROM ]    = '100';
		$this->assertSame( array( 'cod', 'cashondelivery' ), Code_Rule::methods( 99.99, $new ) );
		$this->assertSame( array( '*' ), Code_Rule::methods( 100.0, $known ) );
		World::$options[ Code_Rule::FOR_NEW ] = 'yes';
		$this->assertSame( array( '*' ), Code_Rule::methods( 1.0, $new ) );
		$this->assertSame( array( 'cod', 'cashondelivery' ), Code_Rule::methods( 1.0, $known ) );
		$this->assertSame( array(), Code_Rule::methods( 0.0, $new ), 'nothing to pay needs no code' );
		World::$options = array();
		$this->assertSame( array(), Code_Rule::methods( 500.0, $new ) );
	}

	public function test_a_guest_is_known_by_mail_and_number_together_and_a_customer_by_the_account(): void {
		$this->order( array( 'id' => 1, 'status' => 'completed', 'billing_email' => 'bia@loja.example', 'email' => 'bia@loja.example' ) );
		$this->order( array( 'id' => 2, 'status' => 'completed', 'customer_id' => 5, 'email' => 'x@loja.example' ) );
		$this->order( array( 'id' => 3, 'status' => 'pending', 'customer_id' => 6, 'email' => 'y@loja.example' ) );
		$this->assertFalse( Code_Rule::is_new_customer( 0, 'bia@loja.example', $this->number( '11 98765 4321' ) ) );
		$this->assertTrue( Code_Rule::is_new_customer( 0, 'bia@loja.example', $this->number( '11 90000-0000' ) ), 'a mail alone proves nothing' );
		$this->assertTrue( Code_Rule::is_new_customer( 0, 'zoe@loja.example', $this->number() ) );
		$this->assertFalse( Code_Rule::is_new_customer( 5, '', $this->number() ) );
		$this->assertTrue( Code_Rule::is_new_customer( 6, '', $this->number() ), 'an order that nobody paid' );
	}

	public function test_a_code_is_sent_tried_and_confirmed_once(): void {
		World::answer( 202, array( 'id' => 'vrf_1', 'resend_at' => gmdate( 'c', World::$now + 30 ) ) );
		$told = $this->desk()->send( $this->number() );
		$this->assertSame( array( 'sent', 30 ), array( $told['state'], $told['wait'] ) );
		list( $path, $wanted ) = $this->asked()[0];
		$this->assertSame( array( '/verifications', self::TYPED, 'BR', '203.0.113.7', 'checkout_1', 'pt_BR', 'loja.example' ), array( $path, $wanted['number'], $wanted['country'], $wanted['ip'], $wanted['subject'], $wanted['locale'], $wanted['domain'] ) );
		$this->refuse( 422, 'code_wrong' );
		$this->assertSame( 'refused', $this->desk()->check( $this->number(), '111111' )['state'] );
		$this->assertSame( array( 'recado_code' ), $this->objections() );
		World::answer( 200, array( 'id' => 'vrf_1', 'confirmed' => true ) );
		$this->assertSame( 'confirmed', $this->desk()->check( $this->number(), ' 123 456 ' )['state'] );
		$this->assertSame( array( '/verifications/vrf_1/check', array( 'code' => '123456', 'subject' => 'checkout_1' ) ), $this->asked()[2] );
		$this->assertSame( array(), $this->objections() );
		$this->assertSame( array( 5 ), array_unique( array_column( World::$calls, 'timeout' ) ) );
	}

	public function test_the_confirmation_is_for_one_number_however_it_is_spaced(): void {
		$this->state()->become( Code_State::CONFIRMED, $this->number( '11987654321' ) );
		$this->assertSame( array(), $this->objections() );
		$this->assertSame( array( 'recado_code' ), $this->objections( 'cod', array( 'billing_phone' => '11 98765-4322' ) ) );
		$this->assertSame( array( 'recado_code' ), $this->objections( 'cod', array( 'billing_country' => 'PT' ) ) );
		$this->assertSame( array( 'recado_code' ), $this->objections( 'cod', array( 'recado_mobile' => '11 91111-1111' ) ), 'the number that is texted counts' );
		World::$now += 86401;
		$this->assertSame( array( 'recado_code' ), $this->objections() );
	}

	public function test_a_second_code_takes_the_place_of_the_first_and_a_spent_one_is_asked_for_anew(): void {
		$this->state()->become( Code_State::SENT, $this->number(), 'vrf_1' );
		World::answer( 202, array( 'id' => 'vrf_1' ) );
		$this->assertSame( 'sent', $this->desk()->send( $this->number() )['state'] );
		$this->refuse( 410, 'code_spent' );
		World::answer( 202, array( 'id' => 'vrf_2' ) );
		$this->assertSame( 'sent', $this->desk()->send( $this->number() )['state'] );
		$this->assertSame( array( '/verifications/vrf_1/resend', '/verifications/vrf_1/resend', '/verifications' ), array_column( $this->asked(), 0 ) );
		$this->assertSame( 'vrf_2', $this->state()->code_id( $this->number() ) );
		$this->refuse( 429, 'code_too_soon' );
		$this->assertSame( array( 'refused', 30 ), array_values( array_diff_key( $this->desk()->send( $this->number() ), array( 'words' => 1 ) ) ) );
	}

	/**
	 * @dataProvider reasons
	 */
	public function test_when_no_code_can_be_sent_the_sale_is_kept_on_hold_and_everybody_is_told( callable $away ): void {
		$away( $this );
		$told = $this->desk()->send( $this->number() );
		$this->assertSame( 'passed', $told['state'] );
		$this->assertStringContainsString( 'will contact you', $told['words'] );
		$this->assertSame( array(), $this->objections() );
		$order = $this->placed();
		$this->assertStringContainsString( 'no code could be sent', $order->of['notes'][0] );
		$this->assertSame( 'on-hold', ( new Code_Gate( $this->plugin ) )->hold( 'processing', $order ) );
		$this->assertSame( array( 'recado_code' ), $this->objections(), 'the next order has to try again' );
	}

	public static function reasons(): array {
		return array(
			'no answer' => array( static fn() => null ),
			'dry run'   => array( static fn( $test ) => $test->refuse( 409, 'not_sent' ) ),
			'old token' => array( static fn( $test ) => $test->refuse( 401, 'unauthorized' ) ),
		);
	}

	public function test_a_shop_may_take_no_order_without_a_code(): void {
		World::$options[ Code_Rule::NOT_SENT ] = 'refuse';
		$this->assertSame( 'refused', $this->desk()->send( $this->number() )['state'] );
		$this->assertSame( array( 'recado_code' ), $this->objections() );
		World::$options[ Code_Rule::NO_MOBILE ] = 'refuse';
		$this->assertSame( 'refused', $this->desk()->without_mobile( $this->number() )['state'] );
		$this->state()->become( Code_State::NO_MOBILE, $this->number() );
		$this->assertSame( array( 'recado_code' ), $this->objections(), 'the choice of this moment counts' );
	}

	public function test_what_the_shopper_can_mend_opens_no_way_past_the_code(): void {
		foreach ( array( 'bad_number', 'code_limit', 'pumping_stop', 'country_not_allowed', 'too_many_requests' ) as $code ) {
			$this->refuse( 422, $code );
			$this->assertSame( 'refused', $this->desk()->send( $this->number() )['state'], $code );
			$this->assertSame( array( 'recado_code' ), $this->objections(), $code );
		}
		$this->assertSame( 'refused', $this->desk()->send( $this->number( '12' ) )['state'] );
		$this->assertSame( 'refused', $this->desk()->check( $this->number(), '123456' )['state'], 'no code is on its way' );
	}

	public function test_who_cannot_receive_texts_orders_on_hold_or_plainly(): void {
		$this->assertSame( 'passed', $this->desk()->without_mobile( $this->number() )['state'] );
		$order = $this->placed();
		$gate  = new Code_Gate( $this->plugin );
		$this->assertSame( array( 'no_mobile', 'on-hold' ), array( $order->get_meta( Code_Gate::META ), $gate->hold_paid( 'processing', 7, $order ) ) );
		World::$options[ Code_Rule::NO_MOBILE ] = 'accept';
		$this->assertSame( 'processing', $gate->hold( 'processing', $order ) );
		$this->assertSame( array(), World::$calls );
	}

	/**
	 * Finding 38: the classic hooks do not run in the block checkout, which has its own; 35: before payment.
	 */
	public function test_finding_38_the_block_checkout_is_refused_by_its_own_hook_and_only_when_the_order_is_placed(): void {
		$gate = new Code_Gate( $this->plugin );
		$gate->check_block( $this->order(), new WP_REST_Request( array( 'method' => 'PUT' ), '{}' ) );
		$gate->check_block( $this->order( array( 'payment_method' => 'bacs' ) ), $this->request( array() ) );
		try {
			$gate->check_block( $this->order(), $this->request( array() ) );
			$this->fail( 'it was let through' );
		} catch ( RouteException $refused ) {
			$this->assertSame( array( 'recado_code', 400 ), array( $refused->name, $refused->getCode() ) );
		}
		$this->state()->become( Code_State::CONFIRMED, $this->number() );
		$order = $this->order( array( 'customer_id' => 2 ) );
		$gate->check_block( $order, $this->request( array() ) );
		$gate->note( $order );
		$this->assertSame( 'confirmed', $order->get_meta( Code_Gate::META ) );
		$this->assertSame( $this->number()->key(), Proven::of( 2 )->key() );
		$this->assertSame( array(), World::$calls, 'the checkout calls nobody' );
	}

	public function test_other_numbers_of_the_same_digits_are_not_the_one_that_was_confirmed(): void {
		$key = static fn ( string $typed ): string => ( new \Recado\Shopper\Number( $typed, 'BR' ) )->key();
		$this->assertSame( $key( '(11) 97777-6666' ), $key( '11977776666' ) );
		$this->assertNotSame( $key( '91234567/98765432' ), $key( '912/34567/98765432' ) );
		$this->assertNotSame( $key( '11977776666' ), $key( "\u{FF11}1988887777;11977776666" ) );
	}

	public function test_orders_that_need_no_code_carry_no_mark_and_a_shop_without_a_sidecar_asks_for_none(): void {
		$this->assertSame( array(), $this->objections( 'bacs' ) );
		$order = $this->order( array( 'payment_method' => 'bacs' ) );
		( new Code_Gate( $this->plugin ) )->mark( $order );
		$this->assertSame( '', $order->get_meta( Code_Gate::META ) );
		$this->plugin->settings()->forget();
		$this->assertSame( array(), $this->objections() );
	}

	private function placed(): WC_Order {
		$gate  = new Code_Gate( $this->plugin );
		$order = $this->order();
		$gate->mark( $order );
		$gate->note_classic( 7, array(), $order );
		return $order;
	}
}
