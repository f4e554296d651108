<?php
/**
 * What can be bought, whichever way it changed: told only while customers may ask to be told.
 *
 * @package Recado
 */

namespace Recado\Events;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Stock_Events implements Feature {

	private Plugin $plugin;

	/**
	 * What has been told in this request, by product: one save fires several hooks.
	 *
	 * @var array<int, string>
	 */
	private array $told = array();

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		foreach ( array( 'product', 'variation' ) as $kind ) {
			add_action( "woocommerce_{$kind}_set_stock_status", array( $this, 'status_set' ), 20, 3 );
			add_action( "woocommerce_{$kind}_set_stock", array( $this, 'quantity_set' ), 20 );
		}
	}

	public function status_set( $id, $status, $product = null ): void {
		$this->changed( $product ? $product : wc_get_product( $id ) );
	}

	public function quantity_set( $product ): void {
		$this->changed( $product );
	}

	/**
	 * A new product, known by the date it is just getting, has a first status too, and nobody waits for it (finding 23).
	 *
	 * @param mixed $product Whatever a hook handed on.
	 */
	private function changed( $product ): void {
		$settings = $this->plugin->settings();
		if ( ! $settings->offers_alerts() || ! $product instanceof \WC_Product || isset( $product->get_changes()['date_created'] ) ) {
			return;
		}
		$level = self::level( $product );
		$said  = md5( (string) wp_json_encode( $level ) );
		if ( ( $this->told[ $product->get_id() ] ?? '' ) !== $said ) {
			$this->told[ $product->get_id() ] = $said;
			$this->plugin->teller()->tell( 'product.stock', $level + array( 'modified_at' => gmdate( 'Y-m-d\TH:i:s\Z' ) ) );
		}
	}

	/**
	 * What is on back-order can be ordered and is not there. A variation may share its product's stock.
	 *
	 * @param \WC_Product $product Or a variation.
	 */
	private static function level( \WC_Product $product ): array {
		$is_variation = $product->is_type( 'variation' );
		$quantity     = $product->managing_stock() ? $product->get_stock_quantity() : null;
		$quantity     = null === $quantity ? null : (int) floor( (float) $quantity );
		$there        = 'instock' === $product->get_stock_status() && ( null === $quantity || $quantity > 0 );
		return array(
			'product_id'   => (string) ( $is_variation ? $product->get_parent_id() : $product->get_id() ),
			'variation_id' => $is_variation ? (string) $product->get_id() : '',
			'name'         => html_entity_decode( wp_strip_all_tags( $product->get_name() ), ENT_QUOTES, 'UTF-8' ),
			'url'          => (string) $product->get_permalink(),
			'saleable'     => $there && 'publish' === $product->get_status() && $product->is_purchasable(),
			'quantity'     => $quantity,
		);
	}
}
