<?php
declare( strict_types=1 );

use Recado\Cli\Commands;
use Recado\Shopper\Account;
use Recado\Shopper\Account_Route;
use Recado\Shopper\Checkout_Fields;
use Recado\Shopper\Number;
use Recado\Shopper\Personal_Data;
use Recado\Shopper\Proven;

final class PeopleTest extends ShopperCase {

	private const TYPED = '(11) 98765-4321';

	protected function setUp(): void {
		parent::setUp();
		Shopping::$user = 2;
		Shopping::$meta = array( 2 => array( 'billing_phone' => self::TYPED, 'billing_country' => 'BR' ) );
	}

	private function alert( string $id, array $of = array() ): array {
		return $of + array( 'id' => $id, 'product_id' => '3', 'variation_id' => '', 'number' => '+55•••••4321', 'state' => 'waiting', 'customer_id' => '2' );
	}

	private function route(): Account_Route {
		return new Account_Route( $this->plugin );
	}

	/**
	 * Finding 38: both checkouts are served, and the order carries the same from both.
	 */
	public function test_finding_38_what_is_ticked_reaches_the_order_from_both_checkouts_in_the_words_shown(): void {
		foreach ( array( Checkout_Fields::MOBILE, 'recado_consent_orders', 'recado_consent_marketing' ) as $option ) {
			World::$options[ $option ] = 'yes';
		}
		World::$options['recado_wording_marketing'] = 'News from <b>{shop}</b>';
		$fields  = new Checkout_Fields( $this->plugin );
		$block   = new WC_Order( array( 'meta' => array( '_wc_other/recado/mobile' => self::TYPED, '_wc_other/recado/consent-orders' => '0', '_wc_other/recado/consent-marketing' => '1' ) ) );
		$classic = new WC_Order();
		$fields->keep_block( $block );
		$_POST['recado_consent_marketing'] = '1';
		$fields->keep_classic( $classic, array( 'recado_mobile' => self::TYPED ) );
		$wanted = array( array( 'purpose' => 'marketing', 'wording' => 'News from Loja & Cia', 'ip' => '203.0.113.7', 'locale' => 'pt_BR' ) );
		foreach ( array( $block, $classic ) as $order ) {
			$this->assertSame( array( self::TYPED, $wanted ), array( $order->get_meta( Number::META ), $order->get_meta( Checkout_Fields::CONSENTS_META ) ) );
		}
		$_POST = array();
		$fields->keep_classic( $classic, array() );
		$this->assertSame( array(), $classic->of['meta'], 'what is not ticked any more is not kept' );
		$this->assertSame( array(), World::$calls );
	}

	public function test_what_the_shop_does_not_ask_for_is_not_kept_though_it_is_posted(): void {
		$_POST['recado_consent_marketing'] = '1';
		$order                             = new WC_Order();
		( new Checkout_Fields( $this->plugin ) )->keep_classic( $order, array( 'recado_mobile' => self::TYPED ) );
		$this->assertSame( array(), $order->of['meta'] );
	}

	public function test_a_number_that_nobody_proved_shows_the_accounts_own_alerts_only(): void {
		World::answer( 200, array( 'alerts' => array( $this->alert( 'alr_1' ) ) ) );
		$shown = $this->route()->show()->data;
		$this->assertSame( array( '/stock-alerts?customer_id=2' ), array_column( $this->asked(), 0 ) );
		$this->assertSame( array( false, array() ), array( $shown['proven'], $shown['consents'] ) );
		$this->assertCount( 1, $shown['alerts'] );
		$refused = $this->route()->say( $this->request( array( 'purpose' => 'marketing', 'on' => false ) ) );
		$this->assertSame( array( 403, 1 ), array( $refused->status, count( World::$calls ) ) );
	}

	public function test_a_proved_number_shows_all_and_another_one_in_the_address_nothing_of_it(): void {
		Proven::remember( 2, new Number( '11 98765 4321', 'BR' ) );
		World::answer( 200, array( 'alerts' => array( $this->alert( 'alr_1' ) ) ) );
		World::answer( 200, array( 'standings' => array( 'orders' => 'out' ) ) );
		World::answer( 200, array( 'alerts' => array( $this->alert( 'alr_1' ), $this->alert( 'alr_2', array( 'customer_id' => '', 'state' => 'ended' ) ) ) ) );
		$shown = $this->route()->show()->data;
		$this->assertSame( array( true, false ), array( $shown['proven'], '' !== $shown['alerts'][1]['handle'] ) );
		$this->assertSame( array( 'stock_alerts' => true, 'orders' => false, 'marketing' => false ), array_column( $shown['consents'], 'on', 'purpose' ) );
		Shopping::$meta[2]['billing_phone'] = '11 90000-0000';
		$this->assertNull( ( new Account( $this->plugin, 2 ) )->proven() );
	}

	public function test_nobody_ends_what_was_not_shown_to_them(): void {
		World::answer( 200, array( 'alerts' => array( $this->alert( 'alr_1' ) ) ) );
		$handle      = $this->route()->show()->data['alerts'][0]['handle'];
		Shopping::$user = 3;
		$this->assertSame( 404, $this->route()->end_alert( $this->request( array( 'handle' => $handle ) ) )->status );
		Shopping::$user = 2;
		$this->assertSame( 404, $this->route()->end_alert( $this->request( array( 'handle' => 'alr_2' . strstr( $handle, '.' ) ) ) )->status );
		World::answer( 200, $this->alert( 'alr_1', array( 'state' => 'ended' ) ) );
		$this->assertSame( 'done', $this->route()->end_alert( $this->request( array( 'handle' => $handle ) ) )->data['state'] );
		$this->assertSame( array( 'DELETE', 'https://sms.example/api/v1/stock-alerts/alr_1' ), array( World::$calls[1]['method'], World::$calls[1]['url'] ) );
	}

	public function test_what_cannot_be_told_at_once_waits_and_counts_once(): void {
		Proven::remember( 2, new Number( self::TYPED, 'BR' ) );
		$told = $this->route()->say( $this->request( array( 'purpose' => 'marketing', 'on' => false ) ) );
		$this->assertSame( array( 202, 'kept' ), array( $told->status, $told->data['state'] ) );
		$kept = $this->told()[0];
		$this->assertSame( array( 'consent.said', $this->asked()[0][1] ), array( $kept['type'], $kept['data'] ) );
		$this->assertMatchesRegularExpression( '/^account_[0-9a-f]{24}$/', $kept['data']['evidence'] );
		$this->refuse( 409, 'said_stop' );
		$this->assertSame( 'refused', $this->route()->say( $this->request( array( 'purpose' => 'orders', 'on' => true ) ) )->data['state'] );
		$this->assertCount( 1, $this->rows() );
	}

	public function test_a_number_is_proved_by_its_code_and_without_one_there_is_no_way_past(): void {
		$this->assertSame( 'refused', $this->route()->prove( $this->request( array( 'code' => '' ) ) )->data['state'] );
		World::answer( 202, array( 'id' => 'vrf_1' ) );
		$this->assertSame( 'sent', $this->route()->prove( $this->request( array( 'code' => '' ) ) )->data['state'] );
		World::answer( 200, array( 'confirmed' => true ) );
		$this->assertSame( 'confirmed', $this->route()->prove( $this->request( array( 'code' => '123456' ) ) )->data['state'] );
		$this->assertSame( self::TYPED, ( new Account( $this->plugin, 2 ) )->proven()->typed );
	}

	private function export( string $email, int $page = 1 ) {
		return ( new Personal_Data( $this->plugin ) )->export( $email, $page );
	}

	private function held(): array {
		$mine   = array( 'id' => 'msg_1', 'order_id' => '7', 'text' => 'mine' );
		$theirs = array( 'id' => 'msg_2', 'order_id' => '8', 'text' => 'theirs' );
		return array(
			'messages' => array( $mine, $theirs, array( 'order_id' => null, 'text' => 'nobodys' ) ),
			'alerts'   => array( array( 'customer_id' => '2' ), array( 'customer_id' => '' ) ),
			'replies'  => array( array( 'text' => 'secret' ) ),
		);
	}

	public function test_an_unproved_number_tells_of_ones_own_orders_and_alerts_only(): void {
		new WC_Order( array( 'id' => 7, 'email' => 'ana@loja.example', 'phone' => self::TYPED, 'country' => 'BR' ) );
		World::answer( 200, $this->held() );
		$told = $this->export( 'ana@loja.example' );
		$this->assertSame( array( 'Texts', 'Products waited for' ), array_column( $told['data'], 'group_label' ) );
		$this->assertStringNotContainsString( 'theirs', json_encode( $told ) );
		$this->assertStringNotContainsString( 'secret', json_encode( $told ) );
		$this->assertTrue( $told['done'] );
	}

	public function test_a_number_proved_at_an_order_tells_all(): void {
		new WC_Order( array( 'id' => 7, 'email' => 'guest@loja.example', 'phone' => self::TYPED, 'country' => 'BR', 'meta' => array( '_recado_code' => 'confirmed' ) ) );
		World::answer( 200, $this->held() );
		$this->assertStringContainsString( 'secret', json_encode( $this->export( 'guest@loja.example' ) ) );
		$this->assertSame( array( '/privacy/export', array( 'number' => self::TYPED, 'country' => 'BR' ) ), $this->asked()[0] );
	}

	public function test_half_an_export_does_not_pass_for_all(): void {
		new WC_Order( array( 'id' => 7, 'email' => 'guest@loja.example' ) );
		$this->assertInstanceOf( WP_Error::class, $this->export( 'guest@loja.example' ) );
		$this->assertInstanceOf( WP_Error::class, ( new Personal_Data( $this->plugin ) )->erase( 'guest@loja.example' ) );
		$this->assertSame( array( 'data' => array(), 'done' => true ), $this->export( 'nobody@loja.example' ) );
	}

	public function test_a_number_that_others_use_too_is_not_erased_for_one_of_them(): void {
		new WC_Order( array( 'id' => 7, 'email' => 'guest@loja.example', 'billing_phone' => self::TYPED, 'phone' => self::TYPED ) );
		new WC_Order( array( 'id' => 8, 'email' => 'other@loja.example', 'billing_phone' => self::TYPED, 'phone' => self::TYPED ) );
		$told = ( new Personal_Data( $this->plugin ) )->erase( 'guest@loja.example' );
		$this->assertSame( array( true, array() ), array( $told['items_retained'], World::$calls ) );
		unset( World::$orders[8] );
		World::answer( 200, array( 'number' => '…', 'messages' => 2, 'on_their_way' => 1 ) );
		$told = ( new Personal_Data( $this->plugin ) )->erase( 'guest@loja.example' );
		$this->assertSame( array( true, true ), array( $told['items_removed'], $told['items_retained'] ) );
	}

	public function test_what_is_erased_leaves_nothing_with_the_account(): void {
		Shopping::$meta[2] += array( '_recado_proven_number' => array(), '_recado_code' => array(), 'recado_mobile' => self::TYPED );
		World::answer( 200, array( 'number' => '…', 'messages' => 2, 'on_their_way' => 0 ) );
		$told = ( new Personal_Data( $this->plugin ) )->erase( 'ana@loja.example' );
		$this->assertSame( array( true, false ), array( $told['items_removed'], $told['items_retained'] ) );
		$this->assertSame( array( 'billing_phone', 'billing_country' ), array_keys( Shopping::$meta[2] ) );
		$this->assertSame( 'phone', ( new Personal_Data( $this->plugin ) )->name_order_fields( array() )[ Number::META ] );
	}

	public function test_wp_recado_test_follows_a_text_to_its_end(): void {
		World::answer( 201, array( 'id' => 'msg_1', 'status' => 'suppressed', 'text' => 'Oi', 'explanation' => 'Dry run.' ) );
		$this->assertSame( array( 'Oi', 'Error: suppressed Dry run.' ), $this->shell( 'test', array( '11 98765-4321' ), array( 'template' => 'order_shipped' ) ) );
		$this->assertSame( array( array( '/test-message', array( 'to' => '11 98765-4321', 'template' => 'order_shipped' ) ) ), $this->asked() );
		World::answer( 201, array( 'id' => 'msg_2', 'status' => 'delivered', 'text' => 'Oi', 'explanation' => '' ) );
		$this->assertSame( array( 'Oi', 'Success: delivered' ), $this->shell( 'test', array( '1' ), array() ) );
	}

	public function test_wp_recado_resend_sends_what_waits_and_what_was_set_aside(): void {
		$this->plugin->outbox()->add( '{"n":1}' );
		$this->plugin->outbox()->add( '{"n":2}' );
		$this->plugin->outbox()->give_up( 1, World::$now, 'refused' );
		World::$options['recado_rest'] = array( 'failures' => 9, 'until' => World::$now + 300 );
		World::answer( 202 );
		World::answer( 202 );
		$this->assertSame( array( 'Success: The sidecar has taken 2, of which 1 had been set aside.' ), $this->shell( 'resend', array() ) );
		new WC_Order( array( 'id' => 9 ) );
		$this->assertStringContainsString( '1 of 1 still wait', $this->shell( 'resend', array( '9' ) )[0] );
		$this->assertSame( array( 'order.updated' ), array_slice( $this->types(), -1 ) );
		$this->assertStringContainsString( 'no such order', $this->shell( 'resend', array( '404' ) )[0] );
	}

	public function test_wp_recado_status_says_how_it_stands_and_fails_where_a_hand_is_needed(): void {
		World::answer( 200, array( 'mode' => 3 ) );
		$this->assertContains( 'mode         3', $this->shell( 'status', array(), array() ) );
		$this->plugin->outbox()->add( '{}' );
		$this->plugin->outbox()->give_up( 1, World::$now, 'refused' );
		World::answer( 200, array( 'mode' => 3 ) );
		$said = $this->shell( 'status', array(), array() );
		$this->assertContains( 'set aside    1', $said );
		$this->assertStringStartsWith( 'Error: ', end( $said ) );
		$said = $this->shell( 'status', array(), array() );
		$this->assertContains( 'connection   unreachable', $said );
	}

	private function shell( string $command, array $arguments, array ...$options ): array {
		Shopping::$shell = array();
		try {
			( new Commands( $this->plugin ) )->$command( $arguments, ...$options );
		} catch ( DomainException $failed ) {
			$this->assertNotSame( '', $failed->getMessage() );
		}
		return Shopping::$shell;
	}
}
