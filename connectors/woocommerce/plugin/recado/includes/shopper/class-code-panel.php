<?php
/**
 * What the shopper sees of the code: one panel for both checkouts, and where its buttons arrive.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Code_Panel implements Feature {

	public const ACTION = 'recado_code';
	public const SCRIPT = 'recado-code';

	private const PER_ADDRESS = array( 20, 600 );
	private const PER_SHOP    = array( 120, 60 );

	private Plugin $plugin;
	private Code_Gate $gate;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
		$this->gate   = new Code_Gate( $plugin );
	}

	public function register(): void {
		add_action( 'wc_ajax_' . self::ACTION, array( $this, 'answer' ) );
		add_action( 'woocommerce_review_order_before_submit', array( $this, 'print_classic' ) );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue_classic' ) );
		add_action( 'woocommerce_blocks_checkout_block_registration', array( $this, 'add_to_blocks' ) );
		add_action( 'woocommerce_blocks_loaded', array( $this, 'extend_cart' ) );
	}

	/**
	 * A button was pressed. WooCommerce has loaded cart and session; the checkout is never cached, so a nonce is.
	 */
	public function answer(): void {
		if ( ! check_ajax_referer( self::ACTION, 'nonce', false ) ) {
			$this->say( 'refused', __( 'This page is too old. Please load it again.', 'recado' ) );
		}
		$limit = $this->plugin->limit();
		if ( ! $limit->take( 'code', Visitor::address(), ...self::PER_ADDRESS ) || ! $limit->take( 'codes', 'shop', ...self::PER_SHOP ) ) {
			$this->say( 'refused', __( 'That was asked for too often. Please try again in an hour.', 'recado' ) );
		}
		$number = new Number( self::posted( 'number' ), self::posted( 'country' ) );
		$desk   = new Code_Desk( $this->plugin->sidecar(), $this->gate->state(), self::subject() );
		switch ( self::posted( 'do' ) ) {
			case 'send':
				wp_send_json( $desk->send( $number ) );
				break;
			case 'check':
				wp_send_json( $desk->check( $number, self::posted( 'code' ) ) );
				break;
			case 'without':
				wp_send_json( $desk->without_mobile( $number ) );
				break;
		}
		$this->say( 'refused', '' );
	}

	/**
	 * Printed anew whenever the order is reviewed, so what it says is of this moment.
	 */
	public function print_classic(): void {
		if ( ! $this->is_on() ) {
			return;
		}
		$customer = WC()->customer;
		$number   = new Number( (string) $customer->get_billing_phone(), (string) $customer->get_billing_country() );
		$methods  = $this->gate->methods_of_cart( $number, (string) $customer->get_billing_email() );
		printf(
			'<div class="recado-code" data-methods="%s" data-confirmed="%s" hidden></div>',
			esc_attr( implode( ' ', $methods ) ),
			esc_attr( $this->gate->state()->confirmed_key() )
		);
	}

	public function enqueue_classic(): void {
		if ( is_checkout() && $this->is_on() ) {
			$this->register_script();
			wp_enqueue_style( 'recado-shopper', plugins_url( 'assets/shopper.css', RECADO_FILE ), array(), RECADO_VERSION );
			wp_enqueue_script( 'recado-code-classic', plugins_url( 'assets/code-classic.js', RECADO_FILE ), array( self::SCRIPT ), RECADO_VERSION, true );
		}
	}

	/**
	 * Puts the panel into the block checkout.
	 *
	 * @param \Automattic\WooCommerce\Blocks\Integrations\IntegrationRegistry $registry Of the checkout block.
	 */
	public function add_to_blocks( $registry ): void {
		if ( $this->is_on() ) {
			$this->register_script();
			$registry->register( new Code_Block() );
		}
	}

	/**
	 * The block checkout hears with every cart for which ways of paying a code is needed.
	 */
	public function extend_cart(): void {
		if ( ! function_exists( 'woocommerce_store_api_register_endpoint_data' ) ) {
			return;
		}
		woocommerce_store_api_register_endpoint_data(
			array(
				'endpoint'        => 'cart',
				'namespace'       => 'recado',
				'data_callback'   => array( $this, 'for_cart' ),
				'schema_callback' => static fn() => array(
					'methods'   => array(
						'description' => 'Ways of paying for which the number has to be confirmed by a code; * is any.',
						'type'        => 'array',
						'readonly'    => true,
					),
					'confirmed' => array(
						'description' => 'The number that this shopper has confirmed.',
						'type'        => 'string',
						'readonly'    => true,
					),
				),
				'schema_type'     => ARRAY_A,
			)
		);
	}

	public function for_cart(): array {
		if ( ! $this->is_on() || ! WC()->session || ! WC()->cart || ! WC()->customer ) {
			return array(
				'methods'   => array(),
				'confirmed' => '',
			);
		}
		$customer = WC()->customer;
		$number   = new Number( (string) $customer->get_billing_phone(), (string) $customer->get_billing_country() );
		return array(
			'methods'   => $this->gate->methods_of_cart( $number, (string) $customer->get_billing_email() ),
			'confirmed' => $this->gate->state()->confirmed_key(),
		);
	}

	private function is_on(): bool {
		return Code_Rule::is_on() && $this->plugin->settings()->is_connected();
	}

	private function register_script(): void {
		if ( wp_script_is( self::SCRIPT, 'registered' ) ) {
			return;
		}
		wp_register_script( self::SCRIPT, plugins_url( 'assets/code.js', RECADO_FILE ), array(), RECADO_VERSION, true );
		wp_localize_script(
			self::SCRIPT,
			'recadoCode',
			array(
				'url'     => \WC_AJAX::get_endpoint( self::ACTION ),
				'nonce'   => wp_create_nonce( self::ACTION ),
				'without' => 'refuse' !== Code_Rule::without_mobile(),
				'words'   => self::words(),
			)
		);
	}

	/**
	 * What the panel says.
	 *
	 * @return array<string, string>
	 */
	private static function words(): array {
		return array(
			'title'     => __( 'Confirm your mobile number', 'recado' ),
			/* translators: %s: a phone number. */
			'why'       => __( 'For this order the shop asks you to confirm your number by a code. It goes to %s.', 'recado' ),
			'missing'   => __( 'For this order the shop asks you to confirm your number by a code. Please fill in your phone number first.', 'recado' ),
			'send'      => __( 'Text me the code', 'recado' ),
			'code'      => __( 'Code from the text', 'recado' ),
			'check'     => __( 'Confirm', 'recado' ),
			'again'     => __( 'Send a new code', 'recado' ),
			/* translators: %s: a number of seconds. */
			'wait'      => __( 'Send a new code (in %s s)', 'recado' ),
			'without'   => __( 'I cannot receive texts', 'recado' ),
			'confirmed' => __( 'Your number is confirmed.', 'recado' ),
			'offline'   => __( 'The shop did not answer. Please try again.', 'recado' ),
		);
	}

	/**
	 * Codes are bound to the shopper's session.
	 */
	private static function subject(): string {
		return 'checkout_' . substr( wp_hash( 'recado' . WC()->session->get_customer_id() ), 0, 32 );
	}

	private static function posted( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification -- checked before.
		return isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? sanitize_text_field( wp_unslash( $_POST[ $name ] ) ) : '';
	}

	private function say( string $state, string $words ): void {
		wp_send_json( compact( 'state', 'words' ) );
	}
}
