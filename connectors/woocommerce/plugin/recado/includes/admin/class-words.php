<?php
/**
 * What things are called before the owner's eyes.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class Words {

	/**
	 * The texts that go with a status of WooCommerce; any other status has order_status.
	 */
	private const KEY_OF_STATUS = array(
		'pending'          => 'order_pending',
		'processing'       => 'order_processing',
		'on-hold'          => 'order_on_hold',
		'completed'        => 'order_completed',
		'cancelled'        => 'order_cancelled',
		'refunded'         => 'order_refunded',
		'failed'           => 'order_failed',
		'shipped'          => 'order_shipped',
		'out-for-delivery' => 'out_for_delivery',
		'ready-for-pickup' => 'ready_for_pickup',
		'delivered'        => 'delivered',
	);

	/**
	 * The modes by their numbers: name, and what is sent by itself.
	 *
	 * @return array<int, array{0: string, 1: string}>
	 */
	public static function modes(): array {
		/* translators: %d: number of another mode */
		$back = __( 'As %d, and customers who asked are told when a sold-out product is back.', 'recado' );
		$none = __( 'Nothing is sent by itself; you send texts from the order page.', 'recado' );
		$new  = __( 'A thank-you when an order is placed.', 'recado' );
		$all  = __( 'A thank-you, and a text at every change of status.', 'recado' );
		return array(
			0 => array( __( 'Disabled', 'recado' ), __( 'Nothing is sent, by hand neither. Only the test works.', 'recado' ) ),
			1 => array( __( 'Manual', 'recado' ), $none ),
			2 => array( __( 'New order', 'recado' ), $new ),
			3 => array( __( 'Status change', 'recado' ), $all ),
			4 => array( __( 'Manual + availability', 'recado' ), sprintf( $back, 1 ) ),
			5 => array( __( 'New order + availability', 'recado' ), sprintf( $back, 2 ) ),
			6 => array( __( 'Status change + availability', 'recado' ), sprintf( $back, 3 ) ),
		);
	}

	/**
	 * The state of a message, in words that claim no more than is known.
	 *
	 * @return array<string, string>
	 */
	public static function states(): array {
		return array(
			'held'        => __( 'waits', 'recado' ),
			'queued'      => __( 'about to leave', 'recado' ),
			'sending'     => __( 'on its way to the provider', 'recado' ),
			'accepted'    => __( 'taken by the provider', 'recado' ),
			'sent'        => __( 'handed to the carrier', 'recado' ),
			'delivered'   => __( 'delivered', 'recado' ),
			'read'        => __( 'read', 'recado' ),
			'undelivered' => __( 'not delivered', 'recado' ),
			'rejected'    => __( 'refused', 'recado' ),
			'expired'     => __( 'too late, not sent', 'recado' ),
			'cancelled'   => __( 'cancelled', 'recado' ),
			'superseded'  => __( 'overtaken by a newer change', 'recado' ),
			'suppressed'  => __( 'not sent', 'recado' ),
			'unknown'     => __( 'outcome not known yet', 'recado' ),
		);
	}

	/**
	 * What a text is for; its key where it is the shop's own.
	 *
	 * @return array<string, string>
	 */
	public static function texts(): array {
		return array(
			'test_message'        => __( 'Test message', 'recado' ),
			'order_placed'        => __( 'New order: thank-you', 'recado' ),
			'order_pending'       => __( 'Waiting for payment', 'recado' ),
			'order_processing'    => __( 'Processing', 'recado' ),
			'order_on_hold'       => __( 'On hold', 'recado' ),
			'order_completed'     => __( 'Completed', 'recado' ),
			'order_cancelled'     => __( 'Cancelled', 'recado' ),
			'order_refunded'      => __( 'Refunded', 'recado' ),
			'order_part_refunded' => __( 'Refunded in part', 'recado' ),
			'order_failed'        => __( 'Payment failed', 'recado' ),
			'order_status'        => __( 'Any other status', 'recado' ),
			'order_shipped'       => __( 'Parcel left', 'recado' ),
			'out_for_delivery'    => __( 'Out for delivery', 'recado' ),
			'delivery_exception'  => __( 'Delivery delayed', 'recado' ),
			'ready_for_pickup'    => __( 'Ready for pickup', 'recado' ),
			'delivered'           => __( 'Parcel arrived', 'recado' ),
			'customer_note'       => __( 'Note to the customer', 'recado' ),
			'confirm_order'       => __( 'Please confirm your order', 'recado' ),
			'information_needed'  => __( 'Something is missing', 'recado' ),
			'return_approved'     => __( 'Return approved', 'recado' ),
			'product_available'   => __( 'Product back in stock', 'recado' ),
			'staff_new_order'     => __( 'New order, to the staff', 'recado' ),
		);
	}

	/**
	 * The texts that this shop sends by itself, in the order of an order's life.
	 *
	 * @return array<string, string> By key: what it is for.
	 */
	public static function automatic_texts(): array {
		$named = self::texts();
		$shown = array( 'order_placed' => $named['order_placed'] );
		foreach ( array_diff_key( wc_get_order_statuses(), array( 'wc-checkout-draft' => '' ) ) as $slug => $label ) {
			$key = self::KEY_OF_STATUS[ preg_replace( '/^wc-/', '', $slug ) ] ?? 'order_status';
			/* translators: %s: name of an order status */
			$shown[ $key ] = 'order_status' === $key ? $named[ $key ] : sprintf( __( 'Status: %s', 'recado' ), $label );
		}
		foreach ( array( 'order_status', 'order_shipped', 'customer_note', 'product_available' ) as $key ) {
			$shown += array( $key => $named[ $key ] );
		}
		return $shown;
	}

	/**
	 * The languages in which texts are approved.
	 *
	 * @return array<string, string>
	 */
	public static function languages(): array {
		return array(
			'en'    => 'English',
			'es'    => 'Español',
			'fr'    => 'Français',
			'pt_BR' => 'Português (Brasil)',
			'zh_CN' => '简体中文',
			'zh_TW' => '繁體中文',
		);
	}

	/**
	 * What the sidecar refused, in the owner's language where we know it.
	 *
	 * @param \Recado\Answer $answer A refusal.
	 */
	public static function refusal( \Recado\Answer $answer ): string {
		$known  = array(
			'unauthorized'      => __( 'The sidecar does not know this shop any more. Connect again with a new code.', 'recado' ),
			'too_many_requests' => __( 'That was too much at once. Wait a moment and try again.', 'recado' ),
			'bad_number'        => __( 'This number cannot be texted. Write it with its country, such as +5511912345678.', 'recado' ),
			'free_text_off'     => __( 'Only approved texts may be sent. Choose one from the list.', 'recado' ),
			'order_needed'      => __( 'This text needs an order.', 'recado' ),
			'facts_needed'      => __( 'This text tells something that nobody knows yet. Choose another one.', 'recado' ),
		);
		$errors = $answer->errors();
		return $known[ $answer->code ] ?? ( $errors ? implode( ' ', $errors ) : $answer->sentence );
	}
}
