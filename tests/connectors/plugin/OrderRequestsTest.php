<?php
declare( strict_types=1 );

use Recado\Admin\Order_Requests;

final class OrderRequestsTest extends ShopTest {

	private function ask( string $what, array $posted ): Recado\Answer {
		$_POST = $posted;
		return ( new Order_Requests( $this->plugin ) )->$what();
	}

	protected function tearDown(): void {
		$_POST = array();
	}

	public function test_a_text_by_hand_goes_to_the_orders_number_as_written_in_its_country_once_a_press(): void {
		new WC_Order( array( 'phone' => '06 12 34 56 78', 'country' => 'FR' ) );
		World::answer( 201, array( 'id' => 'msg_1' ) );
		$this->ask( 'send', array( 'order_id' => '7', 'text' => 'Hi', 'key' => 'k1', 'conversation' => '' ) );
		$this->assertSame( 'https://sms.example/api/v1/messages', World::$calls[0]['url'] );
		$this->assertSame( 'k1', World::$calls[0]['headers']['Idempotency-Key'] );
		$this->assertSame( array( 'to' => '06 12 34 56 78', 'country' => 'FR', 'order_id' => '7', 'text' => 'Hi' ), json_decode( World::$calls[0]['body'], true ) );
	}

	/**
	 * @dataProvider numbers
	 */
	public function test_it_goes_where_the_sidecar_sends_by_itself( array $settings, array $meta, string $number ): void {
		$this->set( $settings );
		new WC_Order( array( 'meta' => $meta, 'shipping_phone' => '333' ) );
		World::answer( 201, array() );
		$this->ask( 'send', array( 'order_id' => '7', 'text' => 'Hi' ) );
		$this->assertSame( $number, json_decode( World::$calls[0]['body'], true )['to'] );
	}

	public static function numbers(): array {
		$both = array( '_own' => '111', '_recado_mobile' => '222' );
		return array(
			array( array(), array(), '(11) 98765-4321' ),
			array( array( 'phone_meta_key' => '_own' ), $both, '111' ),
			array( array( 'phone_meta_key' => '_else' ), $both, '222' ),
			array( array( 'recipient' => 'receiver' ), array(), '333' ),
			array( array( 'recipient' => 'receiver' ), array( '_recado_mobile' => '222' ), '222' ),
		);
	}

	public function test_to_a_customer_who_wrote_it_is_an_answer(): void {
		new WC_Order();
		World::answer( 201, array( 'id' => 'msg_1' ) );
		$this->ask( 'send', array( 'order_id' => '7', 'template' => 'order_completed', 'conversation' => 'rpl_1/..' ) );
		$this->assertSame( 'https://sms.example/api/v1/conversations/rpl_1%2F../messages', World::$calls[0]['url'] );
		$this->assertSame( array( 'template' => 'order_completed' ), json_decode( World::$calls[0]['body'], true ) );
	}

	public function test_without_an_order_or_its_number_nobody_is_called(): void {
		$this->assertSame( 'unknown_order', $this->ask( 'send', array( 'order_id' => '8', 'text' => 'Hi' ) )->code );
		new WC_Order( array( 'phone' => ' ' ) );
		$this->assertSame( 'no_number', $this->ask( 'send', array( 'order_id' => '7', 'text' => 'Hi' ) )->code );
		$this->assertSame( array(), World::$calls );
	}

	public function test_all_about_an_order_is_its_messages_and_what_was_written_which_is_then_read(): void {
		World::answer( 200, array( 'messages' => array( array( 'id' => 'msg_1' ) ) ) );
		World::answer( 200, array( 'conversations' => array( array( 'id' => 'rpl_1' ) ) ) );
		World::answer( 200, array( 'entries' => array( array( 'id' => 'rpl_1', 'direction' => 'in', 'read' => false ), array( 'id' => 'msg_1', 'direction' => 'out', 'read' => null ) ) ) );
		World::answer( 200, array( 'marked' => 1 ) );
		$told = $this->ask( 'order', array( 'order_id' => '7' ) )->data;
		$this->assertSame( array( 1, 2, 'rpl_1' ), array( count( $told['messages'] ), count( $told['entries'] ), $told['conversation'] ) );
		$this->assertStringEndsWith( '/conversations/rpl_1/read', World::$calls[3]['url'] );
		$this->assertSame( array( 'up_to' => 'rpl_1' ), json_decode( World::$calls[3]['body'], true ) );
	}
}
