<?php
declare( strict_types=1 );

final class OutboxTest extends ShopTest {

	public function test_what_is_told_once_only_is_kept_once(): void {
		$outbox = $this->plugin->outbox();
		$outbox->add( '{"a":1}', 'created:7' );
		$outbox->add( '{"a":2}', 'created:7' );
		$outbox->add( '{"b":1}' );
		$outbox->add( '{"b":1}' );
		$this->assertSame( array( '{"a":1}', '{"b":1}', '{"b":1}' ), array_column( $this->rows(), 'body' ) );
	}

	public function test_only_one_process_gets_a_row_and_one_that_dies_gives_it_back(): void {
		$outbox = $this->plugin->outbox();
		$outbox->add( '{}' );
		$this->assertTrue( $outbox->claim( 1, World::$now, World::$now + 30 ) );
		$this->assertFalse( $outbox->claim( 1, World::$now, World::$now + 30 ) );
		$this->assertSame( array(), $outbox->due( 10, World::$now + 29 ) );
		$this->assertTrue( $outbox->claim( 1, World::$now + 31, World::$now + 61 ) );
	}

	public function test_what_the_sidecar_has_is_not_kept_here(): void {
		$outbox = $this->plugin->outbox();
		$outbox->add( '{"phone":"11987654321"}' );
		$outbox->mark_delivered( array( $this->rows()[0]->event_id, "evt_nobody's'" ), World::$now );
		$this->assertSame( array( 'delivered', '' ), array( $this->rows()[0]->state, $this->rows()[0]->body ) );
	}

	public function test_old_rows_go_and_none_that_waits(): void {
		$outbox = $this->plugin->outbox();
		foreach ( array( 1, 2, 3 ) as $number ) {
			$outbox->add( "{\"n\":$number}" );
		}
		$outbox->mark_delivered( array( $this->rows()[0]->event_id ), World::$now );
		$outbox->give_up( 2, World::$now, 'refused' );
		$outbox->prune( World::$now + 6 * 86400 );
		$this->assertCount( 3, $this->rows() );
		$outbox->prune( World::$now + 8 * 86400 );
		$this->assertSame( array( 'dead', 'waiting' ), array_column( $this->rows(), 'state' ) );
		$outbox->prune( World::$now + 90 * 86400 );
		$this->assertSame( array( 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_what_waits_when_the_shop_is_disconnected_goes_in_time_and_can_be_told_until_then(): void {
		$outbox = $this->plugin->outbox();
		$outbox->add( '{"n":1}' );
		$outbox->set_all_aside( World::$now );
		$this->assertSame( 1, $outbox->revive( World::$now ) );
		$outbox->set_all_aside( World::$now );
		$outbox->prune( World::$now + 31 * 86400 );
		$this->assertSame( array(), $this->rows() );
	}

	public function test_a_shop_that_is_not_connected_keeps_nothing(): void {
		$this->plugin->settings()->forget();
		$this->plugin->teller()->tell( 'order.updated', array( 'id' => 7 ) );
		$this->assertSame( array(), $this->rows() );
		$this->assertFalse( $this->plugin->outbox()->has_news() );
	}
}
