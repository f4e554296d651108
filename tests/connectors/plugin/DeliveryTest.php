<?php
declare( strict_types=1 );

use Recado\Outbox\Delivery;
use Recado\Outbox\Departure;
use Recado\Outbox\Signature;

final class DeliveryTest extends ShopTest {

	private function add( int $how_many = 1 ): void {
		for ( $number = 1; $number <= $how_many; $number++ ) {
			$this->plugin->outbox()->add( "{\"n\":$number}" );
		}
	}

	private function run_now(): void {
		$this->plugin->delivery()->run( 20 );
	}

	public function test_all_that_waits_leaves_in_order_signed_and_as_it_was_written(): void {
		$this->add( 3 );
		World::answer( 202 );
		World::answer( 202 );
		World::answer( 202 );
		$this->run_now();
		$this->assertSame( array( '{"n":1}', '{"n":2}', '{"n":3}' ), array_column( World::$calls, 'body' ) );
		$first = World::$calls[0];
		$this->assertSame( 'https://sms.example/hooks/events/shop_1', $first['url'] );
		$this->assertTrue( Signature::is_genuine( $first['headers'], $first['body'], self::SECRET, World::$now ) );
		$this->assertSame( array( 'delivered', 'delivered', 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	/**
	 * Finding 49: without blocking WordPress waits all the same; 5: it must not refuse private addresses and ports.
	 */
	public function test_finding_5_and_49_a_call_waits_three_seconds_at_most_follows_nothing_and_is_no_safe_one(): void {
		$this->add();
		World::answer( 202 );
		$this->run_now();
		$this->assertSame( array( 3, 0 ), array( World::$calls[0]['timeout'], World::$calls[0]['redirection'] ) );
		$this->assertArrayNotHasKey( 'blocking', World::$calls[0] );
		$this->assertArrayNotHasKey( 'reject_unsafe_urls', World::$calls[0] );
	}

	/**
	 * Findings 3 and 50: what failed is put on the list anew by us, with growing steps, however often it fails.
	 */
	public function test_finding_3_and_50_a_silent_sidecar_is_tried_again_and_not_by_every_request(): void {
		$this->add( 2 );
		$waits = array();
		for ( $try = 1; $try <= 8; $try++ ) {
			World::$queue = array();
			$this->run_now();
			$this->run_now();
			$waits[] = World::$queue[0][1] - World::$now;
			$this->assertCount( $try, World::$calls );
			World::$now = World::$queue[0][1];
		}
		$this->assertSame( array( 5, 15, 30, 60, 120, 300, 300, 300 ), $waits );
		$this->assertSame( array( 'waiting', 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_one_event_that_always_fails_does_not_stop_the_others(): void {
		$this->add( 3 );
		World::answer( 500 );
		$this->run_now();
		World::$now += 6;
		World::answer( 202 );
		World::answer( 202 );
		$this->run_now();
		$this->assertSame( array( 'waiting', 'delivered', 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	/**
	 * Finding 52: other plugins call a text sent before they send it, and lose it without a trace.
	 *
	 * @dataProvider answers
	 */
	public function test_finding_52_only_an_answer_makes_an_event_delivered( int $status, string $state ): void {
		$this->add();
		World::answer( $status );
		$this->run_now();
		$this->assertSame( $state, $this->rows()[0]->state );
	}

	public static function answers(): array {
		return array( array( 200, 'delivered' ), array( 202, 'delivered' ), array( 301, 'waiting' ), array( 401, 'waiting' ), array( 404, 'waiting' ), array( 413, 'dead' ), array( 422, 'dead' ), array( 429, 'waiting' ), array( 503, 'waiting' ) );
	}

	public function test_after_seven_days_an_event_is_set_aside_and_can_be_told_again(): void {
		$this->add();
		World::$now += 7 * 86400 + 1;
		$this->run_now();
		$this->assertSame( array( 'dead', 'no answer for seven days' ), array( $this->rows()[0]->state, $this->rows()[0]->problem ) );
		$this->assertSame( 1, $this->plugin->outbox()->revive( World::$now ) );
		World::$now += 600;
		World::answer( 202 );
		$this->run_now();
		$this->assertSame( 'delivered', $this->rows()[0]->state );
	}

	public function test_lines_of_the_log_name_the_event_and_nobody(): void {
		$this->plugin->outbox()->add( '{"phone":"+5511987654321"}' );
		$this->run_now();
		$this->assertCount( 1, World::$logged );
		$this->assertStringContainsString( $this->rows()[0]->event_id, World::$logged[0] );
		$this->assertStringNotContainsString( '98765', World::$logged[0] );
	}

	public function test_without_a_way_to_answer_first_a_page_calls_nobody_and_asks_the_queue(): void {
		$this->add();
		( new Departure( $this->plugin ) )->leave();
		$this->assertSame( array(), World::$calls );
		$this->assertSame( array( array( Delivery::ACTION, World::$now ) ), World::$queue );
	}

	public function test_a_page_on_which_nothing_happened_does_nothing(): void {
		( new Departure( $this->plugin ) )->leave();
		$this->assertSame( array( array(), array() ), array( World::$calls, World::$queue ) );
	}

	public function test_it_leaves_after_everybody_else_has_printed(): void {
		( new Departure( $this->plugin ) )->register();
		$this->assertSame( PHP_INT_MAX, World::$hooks['shutdown'][0][1] );
	}

	/**
	 * @runInSeparateProcess
	 * @preserveGlobalState disabled
	 */
	public function test_where_the_server_can_answer_first_the_event_leaves_at_once(): void {
		eval( 'function fastcgi_finish_request(): bool { World::$calls[] = array( "url" => "answered" ); return true; }' );
		$this->add();
		World::answer( 202 );
		( new Departure( $this->plugin ) )->leave();
		$this->assertSame( array( 'answered', 'https://sms.example/hooks/events/shop_1' ), array_column( World::$calls, 'url' ) );
		World::$now  += 601;
		World::$calls = array();
		World::answer( 202 );
		World::answer( 200, array( 'settings' => array( 'mode' => 5 ) ) );
		$this->add();
		( new Departure( $this->plugin ) )->leave();
		$this->assertSame( 'https://sms.example/api/v1/shop', World::$calls[2]['url'] );
		$this->assertSame( 5, $this->plugin->settings()->mode() );
	}
}
