<?php
/**
 * What is told on an order besides its status: tracking numbers of the plugins Shipment Tracking and Advanced Shipment
 * Tracking (finding 45) and of WooCommerce's own fulfilments (46), notes to the customer, refunds of a part.
 *
 * @package Recado
 */

namespace Recado\Events;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Story_Events implements Feature {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'woocommerce_update_order', array( $this, 'saved' ), 5, 2 );
		add_action( 'added_post_meta', array( $this, 'meta_saved' ), 5, 3 );
		add_action( 'updated_post_meta', array( $this, 'meta_saved' ), 5, 3 );
		add_action( 'woocommerce_fulfillment_created_notification', array( $this, 'fulfilled' ), 5, 3 );
		add_action( 'woocommerce_fulfillment_updated_notification', array( $this, 'fulfilled' ), 5, 3 );
		add_action( 'woocommerce_order_note_added', array( $this, 'note_added' ), 5, 2 );
		add_action( 'woocommerce_order_partially_refunded', array( $this, 'partly_refunded' ), 5, 2 );
	}

	public function saved( $id, $order = null ): void {
		$order = $order ? $order : wc_get_order( $id );
		if ( Order_Payload::is_for_customers( $order ) && $order->meta_exists( Order_Payload::TRACKING_META ) ) {
			$this->tell_of_all( $order );
		}
	}

	/**
	 * Where orders are kept as posts, tracking plugins write their list straight into the meta, past WooCommerce.
	 *
	 * @param int    $meta_id Of the meta.
	 * @param int    $id      Of any post.
	 * @param string $key     Of the meta.
	 */
	public function meta_saved( $meta_id, $id, $key ): void {
		$order = Order_Payload::TRACKING_META === $key ? wc_get_order( $id ) : null;
		if ( $order ) {
			$order->read_meta_data( true );
			$this->saved( $id, $order );
		}
	}

	/**
	 * The hook is called only where the owner wants the customer to be told.
	 *
	 * @param int    $order_id    Of the order.
	 * @param object $fulfillment What has left.
	 * @param mixed  $order       The order.
	 */
	public function fulfilled( $order_id, $fulfillment, $order = null ): void {
		$order = $order ? $order : wc_get_order( $order_id );
		if ( ! Order_Payload::is_for_customers( $order ) || ! method_exists( $fulfillment, 'get_meta' ) ) {
			return;
		}
		$this->tell(
			$order,
			array(
				'id'              => 'fulfillment-' . $fulfillment->get_id(),
				'carrier'         => (string) $fulfillment->get_meta( '_shipment_provider' ),
				'tracking_number' => (string) $fulfillment->get_meta( '_tracking_number' ),
				'tracking_url'    => (string) $fulfillment->get_meta( '_tracking_url' ),
			)
		);
	}

	/**
	 * Notes to the customer only; the others are the shop's own.
	 *
	 * @param int   $note_id Of the note.
	 * @param mixed $order   The order.
	 */
	public function note_added( $note_id, $order ): void {
		if ( ! Order_Payload::is_for_customers( $order ) || ! get_comment_meta( $note_id, 'is_customer_note', true ) ) {
			return;
		}
		$note = get_comment( $note_id );
		$this->plugin->teller()->tell(
			'order.note',
			array(
				'order_id' => $order->get_id(),
				'note_id'  => (string) $note_id,
				'note'     => html_entity_decode( wp_strip_all_tags( (string) $note->comment_content ), ENT_QUOTES, 'UTF-8' ),
				'order'    => $this->payload( $order ),
			),
			"note:$note_id"
		);
	}

	/**
	 * A refund of a part leaves the status as it is (finding 18); one of all is a change of status.
	 *
	 * @param int $order_id  Of the order.
	 * @param int $refund_id Of the refund.
	 */
	public function partly_refunded( $order_id, $refund_id ): void {
		$order  = wc_get_order( $order_id );
		$refund = wc_get_order( $refund_id );
		if ( ! Order_Payload::is_for_customers( $order ) || ! $refund instanceof \WC_Order_Refund ) {
			return;
		}
		$told = array(
			'id'       => (string) $refund_id,
			'amount'   => (string) $refund->get_amount(),
			'currency' => $order->get_currency( 'edit' ),
		);
		$this->plugin->teller()->tell(
			'order.refund',
			array(
				'order_id' => $order->get_id(),
				'refund'   => $told,
				'order'    => $this->payload( $order ),
			),
			"refund:$refund_id"
		);
	}

	private function tell_of_all( \WC_Order $order ): void {
		$items = $order->get_meta( Order_Payload::TRACKING_META, true, 'edit' );
		foreach ( array_filter( (array) $items, 'is_array' ) as $item ) {
			$custom = (string) ( $item['custom_tracking_provider'] ?? '' );
			$this->tell(
				$order,
				array(
					'id'              => (string) ( $item['tracking_id'] ?? '' ),
					'carrier'         => '' !== $custom ? $custom : (string) ( $item['tracking_provider'] ?? '' ),
					'tracking_number' => (string) ( $item['tracking_number'] ?? '' ),
					'tracking_url'    => (string) ( $item['custom_tracking_link'] ?? '' ),
				)
			);
		}
	}

	private function tell( \WC_Order $order, array $parcel ): void {
		$known_by = '' !== $parcel['tracking_number'] ? $parcel['tracking_number'] : $parcel['id'];
		if ( '' === $known_by ) {
			return;
		}
		$this->plugin->teller()->tell(
			'order.parcel',
			array(
				'order_id' => $order->get_id(),
				'parcel'   => $parcel + array( 'status' => 'shipped' ),
				'order'    => $this->payload( $order ),
			),
			'parcel:' . $order->get_id() . ':' . md5( $known_by )
		);
	}

	private function payload( \WC_Order $order ): array {
		return Order_Payload::of( $order, (string) $this->plugin->settings()->get( 'phone_meta_key', '' ) );
	}
}
