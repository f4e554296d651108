<?php
/**
 * An order as WooCommerce's REST interface shows it, cut down to what a text needs: made of what is in memory, since a
 * shopper waits for it.
 *
 * @package Recado
 */

namespace Recado\Events;

defined( 'ABSPATH' ) || exit;

final class Order_Payload {

	/**
	 * What shoppers and owners have half typed: nobody has ordered anything (finding 16).
	 */
	public const DRAFTS = array( 'checkout-draft', 'auto-draft', 'draft', 'new' );

	public const TRACKING_META = '_wc_shipment_tracking_items';

	/**
	 * The order's own fields that are passed on: the language it was made in, its parcels. To them come ours and the
	 * one in which this shop keeps a mobile number.
	 */
	private const META     = array( 'wpml_language', 'trp_language', '_pll_order_language', '_locale', self::TRACKING_META );
	private const OUR_META = '/^(_?recado_|_wc_(other|billing|shipping)\/recado\/)/';

	/**
	 * What orders are to a customer: no refunds, and none that are part of another (finding 37).
	 *
	 * @param mixed $order Whatever a hook handed on.
	 */
	public static function is_for_customers( $order ): bool {
		return $order instanceof \WC_Order && 'shop_order' === $order->get_type() && ! $order->get_parent_id();
	}

	/**
	 * The order's data.
	 *
	 * @param \WC_Order $order     As it is in memory.
	 * @param string    $phone_key The order's own field that holds a mobile number; empty for none.
	 */
	public static function of( \WC_Order $order, string $phone_key ): array {
		return array(
			'id'                => $order->get_id(),
			'number'            => (string) $order->get_order_number(),
			'status'            => $order->get_status( 'edit' ),
			'total'             => (string) $order->get_total( 'edit' ),
			'currency'          => $order->get_currency( 'edit' ),
			'date_created_gmt'  => self::moment( $order->get_date_created( 'edit' ) ),
			'date_modified_gmt' => self::moment( $order->get_date_modified( 'edit' ) ) ?? gmdate( 'Y-m-d\TH:i:s' ),
			'payment_method'    => $order->get_payment_method( 'edit' ),
			'customer_id'       => $order->get_customer_id( 'edit' ),
			'billing'           => self::person( $order, 'billing' ),
			'shipping'          => self::person( $order, 'shipping' ),
			'line_items'        => self::items( $order ),
			'meta_data'         => self::meta( $order, $phone_key ),
		);
	}

	private static function person( \WC_Order $order, string $kind ): array {
		$found = array();
		foreach ( array( 'first_name', 'last_name', 'state', 'country', 'phone' ) as $field ) {
			$get             = "get_{$kind}_{$field}";
			$found[ $field ] = (string) $order->$get( 'edit' );
		}
		return $found;
	}

	private static function items( \WC_Order $order ): array {
		$items = array();
		foreach ( $order->get_items() as $item ) {
			$items[] = array( 'quantity' => (int) $item->get_quantity() );
		}
		return $items;
	}

	private static function meta( \WC_Order $order, string $phone_key ): array {
		$passed = array();
		foreach ( $order->get_meta_data() as $meta ) {
			$known = in_array( $meta->key, self::META, true ) || $meta->key === $phone_key;
			if ( $known || preg_match( self::OUR_META, (string) $meta->key ) ) {
				$passed[] = array(
					'key'   => $meta->key,
					'value' => $meta->value,
				);
			}
		}
		return $passed;
	}

	/**
	 * In UTC, without its letter, as WooCommerce writes it.
	 *
	 * @param \WC_DateTime|null $moment Of the order.
	 */
	private static function moment( ?\WC_DateTime $moment ): ?string {
		return $moment ? gmdate( 'Y-m-d\TH:i:s', $moment->getTimestamp() ) : null;
	}
}
