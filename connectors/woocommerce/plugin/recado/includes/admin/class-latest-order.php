<?php
/**
 * The facts of an order that a preview is filled with.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Events\Order_Payload;

defined( 'ABSPATH' ) || exit;

final class Latest_Order {

	/**
	 * The latest order of a customer, or null in a shop that has none.
	 */
	public static function find(): ?\WC_Order {
		$found = wc_get_orders(
			array(
				'limit'   => 1,
				'type'    => 'shop_order',
				'status'  => array_keys( wc_get_order_statuses() ),
				'orderby' => 'date',
				'order'   => 'DESC',
			)
		);
		return isset( $found[0] ) && Order_Payload::is_for_customers( $found[0] ) ? $found[0] : null;
	}

	/**
	 * By the names of the sidecar's previews.
	 *
	 * @param \WC_Order $order Any.
	 * @return array<string, string>
	 */
	public static function facts( \WC_Order $order ): array {
		$facts = array(
			'number'         => $order->get_order_number(),
			'first_name'     => $order->get_billing_first_name(),
			'customer_name'  => trim( $order->get_formatted_billing_full_name() ),
			'status'         => $order->get_status(),
			'total'          => (string) $order->get_total(),
			'currency'       => $order->get_currency(),
			'items'          => (string) ( $order->get_item_count() ? $order->get_item_count() : '' ),
			'payment_method' => $order->get_payment_method(),
			'phone'          => $order->get_billing_phone(),
			'country'        => $order->get_billing_country(),
		);
		$cut   = array_map( static fn( $fact ) => mb_substr( (string) $fact, 0, 200 ), $facts );
		if ( ! preg_match( '/^([A-Z]{2})?$/', $cut['country'] ) ) {
			$cut['country'] = '';
		}
		return $cut;
	}
}
