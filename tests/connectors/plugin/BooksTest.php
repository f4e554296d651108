<?php
declare( strict_types=1 );

use Recado\Outbox\Books;

final class BooksTest extends ShopTest {

	private const TASK = array(
		'id'       => 'tsk_1',
		'kind'     => 'order_note',
		'order_id' => '7',
		'data'     => array(
			'note'   => 'Maria confirmed by text.',
			'status' => 'at-the-tailor',
		),
	);

	private function write( array ...$tasks ): void {
		World::answer( 200, array( 'tasks' => $tasks ) );
		( new Books( $this->plugin ) )->write();
	}

	/**
	 * @return string[] The paths that were asked for.
	 */
	private function asked(): array {
		return array_map( static fn( $call ) => (string) parse_url( $call['url'], PHP_URL_PATH ), World::$calls );
	}

	public function test_a_note_and_a_status_are_written_and_told_done(): void {
		$order = new WC_Order();
		$this->write( self::TASK );
		$this->assertSame( 'at-the-tailor', $order->of['status'] );
		$this->assertStringStartsWith( 'Maria confirmed by text.', $order->of['notes'][0] );
		$this->assertSame( array( '/api/v1/tasks', '/api/v1/tasks/tsk_1/done' ), $this->asked() );
	}

	public function test_what_was_written_before_an_answer_was_lost_is_not_written_again(): void {
		$order = new WC_Order( array( 'notes' => array( 'Maria confirmed by text.<!-- tsk_1 -->' ) ) );
		$this->write( self::TASK );
		$this->assertCount( 1, $order->of['notes'] );
		$this->assertSame( '/api/v1/tasks/tsk_1/done', $this->asked()[1] );
	}

	public function test_an_order_that_has_ended_gets_the_note_only(): void {
		$order = new WC_Order( array( 'status' => 'completed' ) );
		$this->write( self::TASK );
		$this->assertSame( 'completed', $order->of['status'] );
		$this->assertCount( 1, $order->of['notes'] );
	}

	public function test_a_task_of_an_order_that_is_gone_has_failed(): void {
		$this->write( self::TASK );
		$this->assertSame( '/api/v1/tasks/tsk_1/failed', $this->asked()[1] );
	}

	public function test_a_sidecar_that_is_away_is_not_asked_about_the_rest(): void {
		new WC_Order();
		$this->write( self::TASK, array( 'id' => 'tsk_2' ) + self::TASK );
		$this->assertCount( 2, World::$calls );
	}

	public function test_while_the_sidecar_rests_it_is_not_asked(): void {
		World::$options[ \Recado\Outbox\Delivery::REST_OPTION ] = array( 'failures' => 3, 'until' => World::$now + 1000000000 );
		( new Books( $this->plugin ) )->write();
		$this->assertSame( array(), World::$calls );
	}
}
