<?php
/**
 * The box on an order's page, in both ways WooCommerce keeps orders (finding 41). It comes empty and fills itself, so
 * that the page waits for nobody.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Events\Order_Payload;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Order_Box implements Feature {

	/**
	 * What an owner may choose to send by hand.
	 */
	private const BY_HAND = array(
		'order_processing',
		'order_on_hold',
		'order_completed',
		'order_cancelled',
		'information_needed',
		'ready_for_pickup',
		'delivery_exception',
		'return_approved',
		'confirm_order',
	);

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'add_meta_boxes', array( $this, 'add' ), 30 );
	}

	public function add(): void {
		if ( $this->plugin->settings()->is_connected() && current_user_can( 'edit_shop_orders' ) ) {
			add_meta_box( 'recado-order', __( 'Texts to the customer', 'recado' ), array( $this, 'render' ), self::screen(), 'normal', 'high' );
		}
	}

	/**
	 * The page of an order, in whichever way orders are kept.
	 */
	public static function screen(): string {
		return function_exists( 'wc_get_page_screen_id' ) ? wc_get_page_screen_id( 'shop-order' ) : 'shop_order';
	}

	/**
	 * Prints the box.
	 *
	 * @param \WC_Order|\WP_Post $given WooCommerce hands on either.
	 */
	public function render( $given ): void {
		$order = $given instanceof \WC_Order ? $given : wc_get_order( $given->ID );
		if ( ! $order || in_array( $order->get_status(), Order_Payload::DRAFTS, true ) ) {
			echo '<p>' . esc_html__( 'Save the order first.', 'recado' ) . '</p>';
			return;
		}
		printf( '<div class="recado-order" data-order="%d"><div class="recado-log" aria-live="polite"><p>…</p></div>', absint( $order->get_id() ) );
		if ( 0 === $this->plugin->settings()->mode() ) {
			/* translators: %s: address of a page */
			echo '<p>' . wp_kses_post( sprintf( __( 'Texts are disabled (mode 0): <a href="%s">choose a mode</a> to send from here.', 'recado' ), esc_url( Settings_Tab::address() ) ) ) . '</p>';
		} else {
			$this->render_form();
		}
		echo '</div>';
	}

	private function render_form(): void {
		$named = Words::texts();
		echo '<div class="recado-write"><label for="recado-order-template">' . esc_html__( 'Send text', 'recado' ) . '</label> ';
		echo '<select id="recado-order-template">';
		if ( $this->plugin->settings()->get( 'free_text', true ) ) {
			echo '<option value="">' . esc_html__( 'In your own words', 'recado' ) . '</option>';
		}
		foreach ( self::BY_HAND as $key ) {
			printf( '<option value="%s">%s</option>', esc_attr( $key ), esc_html( $named[ $key ] ) );
		}
		echo '</select><label class="screen-reader-text" for="recado-order-text">' . esc_html__( 'Text', 'recado' ) . '</label>';
		echo '<textarea id="recado-order-text" rows="3" maxlength="700"></textarea>';
		echo '<p class="recado-bubble" id="recado-order-preview" hidden></p><p class="recado-meta" id="recado-order-meta"></p>';
		echo '<p><button type="button" class="button" id="recado-order-send">' . esc_html__( 'Send text', 'recado' ) . '</button> ';
		echo '<span id="recado-order-outcome" role="status" aria-live="polite"></span></p></div>';
	}
}
