<?php
/**
 * Orders placed, moved from one status to another, thrown away and fetched back: told at the moment and in the state in
 * which it happens, in every way an order can come about (findings 34 and 35).
 *
 * @package Recado
 */

namespace Recado\Events;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Order_Events implements Feature {

	private Plugin $plugin;

	/**
	 * New orders of this request that nothing has been told of yet.
	 *
	 * @var array<int, true>
	 */
	private array $new = array();

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'woocommerce_order_status_changed', array( $this, 'moved' ), 5, 4 );
		add_action( 'woocommerce_new_order', array( $this, 'remember' ), 5 );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'placed' ), 5, 3 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'placed_in_blocks' ), 5 );
		add_action( 'woocommerce_rest_insert_shop_order_object', array( $this, 'placed_by_rest' ), 5, 3 );
		add_action( 'shutdown', array( $this, 'tell_of_the_new' ), 5 );
		add_action( 'woocommerce_trash_order', array( $this, 'thrown_away' ), 5 );
		add_action( 'woocommerce_before_delete_order', array( $this, 'thrown_away' ), 5 );
		add_action( 'trashed_post', array( $this, 'post_thrown_away' ), 5 );
		add_action( 'untrashed_post', array( $this, 'post_fetched_back' ), 5 );
	}

	/**
	 * From, to and the moment are those of this change, even where the order has gone on since. An order that comes back
	 * from the trash has not changed for the customer (finding 17).
	 *
	 * @param int    $id    Of the order.
	 * @param string $from  Status.
	 * @param string $to    Status.
	 * @param mixed  $order The order.
	 */
	public function moved( $id, $from, $to, $order ): void {
		if ( in_array( $to, Order_Payload::DRAFTS, true ) || ! Order_Payload::is_for_customers( $order ) ) {
			return;
		}
		unset( $this->new[ (int) $id ] );
		$change = array(
			'status'     => $to,
			'transition' => array(
				'from' => $from,
				'to'   => $to,
				'at'   => self::now(),
			),
		);
		$type   = 'trash' === $from ? 'order.restored' : 'order.updated';
		$this->plugin->teller()->tell( $type, $change + $this->payload( $order ) );
	}

	public function remember( $id ): void {
		$this->new[ (int) $id ] = true;
	}

	public function placed( $id, $posted, $order ): void {
		$this->created( $order );
	}

	public function placed_in_blocks( $order ): void {
		$this->created( $order );
	}

	public function placed_by_rest( $order, $request, $creating ): void {
		if ( $creating && isset( $this->new[ $order->get_id() ] ) ) {
			$this->created( $order );
		}
	}

	/**
	 * Made in the admin, by the till, by a subscription, by code: as it is now that it is complete.
	 */
	public function tell_of_the_new(): void {
		foreach ( array_keys( $this->new ) as $id ) {
			$this->created( wc_get_order( $id ) );
		}
	}

	public function thrown_away( $id ): void {
		unset( $this->new[ (int) $id ] );
		if ( Order_Payload::is_for_customers( wc_get_order( $id ) ) ) {
			$this->plugin->teller()->tell( 'order.deleted', array( 'id' => (int) $id ) );
		}
	}

	/**
	 * Where orders are kept as posts, the list of orders throws posts away, and fetches them back without telling of
	 * any change.
	 *
	 * @param int $id Of any post.
	 */
	public function post_thrown_away( $id ): void {
		if ( 'shop_order' === get_post_type( $id ) ) {
			$this->thrown_away( $id );
		}
	}

	public function post_fetched_back( $id ): void {
		$order = 'shop_order' === get_post_type( $id ) ? wc_get_order( $id ) : null;
		if ( Order_Payload::is_for_customers( $order ) ) {
			$this->plugin->teller()->tell( 'order.restored', $this->payload( $order ) );
		}
	}

	private function created( $order ): void {
		if ( ! Order_Payload::is_for_customers( $order ) ) {
			return;
		}
		unset( $this->new[ $order->get_id() ] );
		if ( ! in_array( $order->get_status( 'edit' ), Order_Payload::DRAFTS, true ) ) {
			$this->plugin->teller()->tell( 'order.created', $this->payload( $order ), 'created:' . $order->get_id() );
		}
	}

	private function payload( \WC_Order $order ): array {
		return Order_Payload::of( $order, (string) $this->plugin->settings()->get( 'phone_meta_key', '' ) );
	}

	/**
	 * To the thousandth of a second: within one a gateway takes an order through three statuses.
	 */
	private static function now(): string {
		$now = microtime( true );
		return gmdate( 'Y-m-d\TH:i:s', (int) $now ) . sprintf( '.%03dZ', (int) ( ( $now - (int) $now ) * 1000 ) );
	}
}
