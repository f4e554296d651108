<?php
declare( strict_types=1 );

use Recado\Admin\Site_Health;

final class HealthTest extends ShopTest {

	private function shown_status(): string {
		return ( new Site_Health( $this->plugin ) )->finding( World::$now )[0];
	}

	public function test_it_tells_how_events_fare_and_calls_nobody(): void {
		$this->assertSame( 'good', $this->shown_status() );
		$this->plugin->outbox()->add( '{}' );
		World::$now += 800;
		$this->assertSame( 'good', $this->shown_status() );
		World::$now += 200;
		$this->assertSame( 'critical', $this->shown_status() );
		$this->plugin->outbox()->mark_delivered( array( $this->rows()[0]->event_id ), World::$now );
		$this->assertSame( 'good', $this->shown_status() );
		$this->plugin->outbox()->add( '{}' );
		$this->plugin->outbox()->give_up( 2, World::$now, 'refused' );
		$this->assertSame( 'critical', $this->shown_status() );
		$this->assertSame( array(), World::$calls );
	}

	public function test_a_shop_that_was_never_connected_is_no_emergency_and_one_that_lost_its_keys_is(): void {
		$this->plugin->connection()->forget();
		$this->assertSame( 'critical', $this->shown_status() );
		$this->plugin->settings()->forget();
		$this->assertSame( 'recommended', $this->shown_status() );
	}
}
