<?php
declare( strict_types=1 );

use Recado\Events\Order_Events;
use Recado\Events\Stock_Events;
use Recado\Events\Story_Events;

final class EventsTest extends ShopTest {

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( Order_Events::class, Story_Events::class, Stock_Events::class ) as $feature ) {
			( new $feature( $this->plugin ) )->register();
		}
	}

	private function move( WC_Order $order, string $from, string $to ): void {
		$order->of['status'] = $to;
		World::fire( 'woocommerce_order_status_changed', $order->get_id(), $from, $to, $order );
	}

	/**
	 * Findings 1, 12 and 13: a webhook is built when the queue gets to it, and tells neither every status nor the one
	 * before. What is told here was written down as it happened, whatever the order has become since.
	 */
	public function test_finding_1_13_and_34_every_change_is_told_with_from_to_and_moment(): void {
		$order = new WC_Order();
		$this->move( $order, 'pending', 'processing' );
		$this->move( $order, 'processing', 'completed' );
		$changes = array_column( array_column( $this->told(), 'data' ), 'transition' );
		$this->assertSame( array( 'pending', 'processing' ), array_column( $changes, 'from' ) );
		$this->assertSame( array( 'processing', 'completed' ), array_column( array_column( $this->told(), 'data' ), 'status' ) );
		$this->assertMatchesRegularExpression( '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/', $changes[0]['at'] );
	}

	public function test_a_change_within_a_change_keeps_its_own_status(): void {
		$order = new WC_Order( array( 'status' => 'completed' ) );
		World::fire( 'woocommerce_order_status_changed', 7, 'pending', 'processing', $order );
		$this->assertSame( 'processing', $this->told()[0]['data']['status'] );
	}

	public function test_finding_16_and_34_drafts_are_not_told_and_the_first_real_status_is(): void {
		$order = new WC_Order();
		$this->move( $order, 'auto-draft', 'checkout-draft' );
		$this->assertSame( array(), $this->types() );
		$this->move( $order, 'checkout-draft', 'pending' );
		$this->assertSame( array( 'order.updated' ), $this->types() );
	}

	public function test_finding_17_an_order_back_from_the_trash_has_not_changed(): void {
		$order = new WC_Order();
		World::fire( 'woocommerce_trash_order', 7 );
		$this->move( $order, 'trash', 'completed' );
		$this->assertSame( array( 'order.deleted', 'order.restored' ), $this->types() );
	}

	public function test_finding_17_orders_kept_as_posts_come_and_go_as_posts(): void {
		new WC_Order();
		World::fire( 'trashed_post', 7 );
		World::fire( 'trashed_post', 8 );
		World::fire( 'untrashed_post', 7 );
		World::fire( 'untrashed_post', 8 );
		$this->assertSame( array( 'order.deleted', 'order.restored' ), $this->types() );
	}

	public function test_finding_35_every_way_to_order_tells_of_it_once(): void {
		$classic = new WC_Order( array( 'id' => 1 ) );
		World::fire( 'woocommerce_new_order', 1, $classic );
		World::fire( 'woocommerce_checkout_order_processed', 1, array(), $classic );
		World::fire( 'woocommerce_checkout_order_processed', 1, array(), $classic );
		$blocks = new WC_Order( array( 'id' => 2 ) );
		World::fire( 'woocommerce_store_api_checkout_order_processed', $blocks );
		$rest = new WC_Order( array( 'id' => 3 ) );
		World::fire( 'woocommerce_new_order', 3, $rest );
		World::fire( 'woocommerce_rest_insert_shop_order_object', $rest, null, true );
		$admin = new WC_Order( array( 'id' => 4 ) );
		World::fire( 'woocommerce_new_order', 4, $admin );
		World::fire( 'shutdown' );
		$this->assertSame( array( 1, 2, 3, 4 ), array_column( array_column( $this->told(), 'data' ), 'id' ) );
		$this->assertSame( array( 'order.created' ), array_unique( $this->types() ) );
	}

	public function test_a_new_order_whose_status_has_been_told_is_not_told_twice(): void {
		$order = new WC_Order();
		World::fire( 'woocommerce_new_order', 7, $order );
		$this->move( $order, 'pending', 'processing' );
		World::fire( 'woocommerce_rest_insert_shop_order_object', $order, null, true );
		World::fire( 'shutdown' );
		$this->assertSame( array( 'order.updated' ), $this->types() );
	}

	public function test_a_draft_of_the_admin_is_not_an_order(): void {
		new WC_Order( array( 'status' => 'auto-draft' ) );
		World::fire( 'woocommerce_new_order', 7 );
		World::fire( 'shutdown' );
		$this->assertSame( array(), $this->types() );
	}

	public function test_finding_37_refunds_and_parts_of_orders_are_not_told(): void {
		$part = new WC_Order( array( 'parent_id' => 6 ) );
		$this->move( $part, 'pending', 'processing' );
		World::fire( 'woocommerce_order_status_changed', 9, 'a', 'b', new WC_Order_Refund( 9, '1' ) );
		$this->assertSame( array(), $this->types() );
	}

	public function test_no_more_of_an_order_leaves_than_a_text_needs(): void {
		$this->set( array( 'phone_meta_key' => '_mobile' ) );
		$meta = array( '_mobile' => '11 91234-5678', '_secret' => 'x', 'wpml_language' => 'pt-br', '_recado_consents' => 'y' );
		$this->move( new WC_Order( array( 'meta' => $meta, 'email' => 'm@example.org', 'address_1' => 'Rua A' ) ), 'pending', 'processing' );
		$data = $this->told()[0]['data'];
		$this->assertSame( array( '_mobile', 'wpml_language', '_recado_consents' ), array_column( $data['meta_data'], 'key' ) );
		$this->assertSame( array( 'first_name', 'last_name', 'state', 'country', 'phone' ), array_keys( $data['billing'] ) );
		$this->assertSame( array( array( 'quantity' => 2 ) ), $data['line_items'] );
		$this->assertStringNotContainsString( 'Rua', $this->rows()[0]->body );
	}

	public function test_finding_45_each_tracking_number_is_told_once_however_often_the_order_is_saved(): void {
		$item  = array( 'tracking_provider' => 'correios', 'custom_tracking_provider' => '', 'tracking_number' => 'AA1BR', 'tracking_id' => 'x' );
		$order = new WC_Order( array( 'meta' => array( '_wc_shipment_tracking_items' => array( $item ) ) ) );
		World::fire( 'woocommerce_update_order', 7, $order );
		World::fire( 'woocommerce_update_order', 7, $order );
		World::fire( 'updated_post_meta', 1, 7, '_wc_shipment_tracking_items' );
		$order->of['meta']['_wc_shipment_tracking_items'][] = array( 'tracking_number' => 'AA2BR', 'custom_tracking_provider' => 'Loggi' ) + $item;
		World::fire( 'woocommerce_update_order', 7, $order );
		$parcels = array_column( array_column( $this->told(), 'data' ), 'parcel' );
		$this->assertSame( array( 'AA1BR', 'AA2BR' ), array_column( $parcels, 'tracking_number' ) );
		$this->assertSame( array( 'correios', 'Loggi' ), array_column( $parcels, 'carrier' ) );
	}

	public function test_finding_46_a_fulfilment_of_woocommerce_is_told_where_the_owner_wants_it(): void {
		$fulfilment = new class() {
			public function get_id(): int {
				return 5;
			}
			public function get_meta( string $key ): string {
				return array( '_tracking_number' => 'ZZ9', '_shipment_provider' => 'ups' )[ $key ] ?? '';
			}
		};
		World::fire( 'woocommerce_fulfillment_created_notification', 7, $fulfilment, new WC_Order() );
		$this->assertSame( array( 'ZZ9', 'ups' ), array( $this->told()[0]['data']['parcel']['tracking_number'], $this->told()[0]['data']['parcel']['carrier'] ) );
	}

	public function test_finding_14_notes_to_the_customer_are_told_and_private_ones_are_not(): void {
		$order               = new WC_Order();
		World::$comments[11] = (object) array( 'comment_content' => 'only us' );
		World::$comments[12] = (object) array( 'comment_content' => 'It is <b>ready</b> &amp; packed', 'is_customer_note' => '1' );
		World::fire( 'woocommerce_order_note_added', 11, $order );
		World::fire( 'woocommerce_order_note_added', 12, $order );
		$this->assertCount( 1, $this->told() );
		$this->assertSame( 'It is ready & packed', $this->told()[0]['data']['note'] );
	}

	public function test_finding_18_a_refund_of_a_part_is_told_with_its_amount(): void {
		new WC_Order( array( 'currency' => 'BRL' ) );
		new WC_Order_Refund( 22, '5.00' );
		World::fire( 'woocommerce_order_partially_refunded', 7, 22 );
		$this->assertSame( array( 'id' => '22', 'amount' => '5.00', 'currency' => 'BRL' ), $this->told()[0]['data']['refund'] );
	}

	private function stock( array $of ): void {
		$product = new WC_Product( $of );
		World::fire( 'woocommerce_product_set_stock', $product );
		World::fire( 'woocommerce_product_set_stock_status', 3, $product->of['stock_status'], $product );
	}

	public function test_finding_23_stock_is_told_once_a_save_and_a_new_product_not_at_all(): void {
		$this->set( array( 'mode' => 6, 'alerts_enabled' => true, 'stock_managed' => true ) );
		$this->stock( array( 'changes' => array( 'date_created' => 'now' ) ) );
		$this->assertSame( array(), $this->types() );
		$this->stock( array() );
		$this->assertSame( array( 'product.stock' ), $this->types() );
		$data = $this->told()[0]['data'];
		$this->assertSame( array( '3', '', 'Camiseta & Cia', true, 5 ), array( $data['product_id'], $data['variation_id'], $data['name'], $data['saleable'], $data['quantity'] ) );
	}

	/**
	 * @dataProvider shelves
	 */
	public function test_what_can_be_bought_now( array $of, bool $saleable ): void {
		$this->set( array( 'mode' => 4, 'alerts_enabled' => true, 'stock_managed' => true ) );
		$this->stock( $of );
		$this->assertSame( $saleable, $this->told()[0]['data']['saleable'] );
	}

	public static function shelves(): array {
		return array(
			array( array(), true ),
			array( array( 'stock_quantity' => 0 ), false ),
			array( array( 'stock_quantity' => 0.5 ), false ),
			array( array( 'managing_stock' => false, 'stock_quantity' => null ), true ),
			array( array( 'stock_status' => 'onbackorder' ), false ),
			array( array( 'status' => 'draft' ), false ),
			array( array( 'is_purchasable' => false ), false ),
		);
	}

	public function test_a_variation_names_its_product(): void {
		$this->set( array( 'mode' => 5, 'alerts_enabled' => true, 'stock_managed' => true ) );
		$product = new WC_Product( array( 'id' => 21, 'parent_id' => 19, 'type' => 'variation' ) );
		World::fire( 'woocommerce_variation_set_stock_status', 21, 'instock', $product );
		$this->assertSame( array( '19', '21' ), array( $this->told()[0]['data']['product_id'], $this->told()[0]['data']['variation_id'] ) );
	}

	public function test_where_nobody_can_ask_nothing_is_told_of_stock(): void {
		foreach ( array( array( 'mode' => 3 ), array( 'mode' => 6, 'alerts_enabled' => false ), array( 'mode' => 6, 'alerts_enabled' => true, 'stock_managed' => false ) ) as $settings ) {
			$this->set( $settings );
			$this->stock( array() );
		}
		$this->assertSame( array(), $this->types() );
	}

	/**
	 * Finding 50: all that a checkout pays is one row for each thing that happens in it.
	 */
	public function test_finding_50_a_checkout_calls_nobody(): void {
		$order = new WC_Order();
		World::fire( 'woocommerce_new_order', 7, $order );
		World::fire( 'woocommerce_checkout_order_processed', 7, array(), $order );
		$this->move( $order, 'pending', 'processing' );
		$this->assertSame( array( array(), 2 ), array( World::$calls, count( $this->rows() ) ) );
	}
}
