<?php
/**
 * What the checkout asks besides: a mobile number for texts, and a box to tick for each purpose the shop asks consent
 * for. In the classic checkout by its fields, in the block checkout by additional fields (finding 38); with the order
 * both are kept under the same names, where the sidecar reads them: no call is made.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Checkout_Fields implements Feature {

	public const MOBILE         = 'recado_checkout_mobile';
	public const CLASSIC_MOBILE = 'recado_mobile';
	public const BLOCK_MOBILE   = 'recado/mobile';
	public const CONSENTS_META  = '_recado_consents';

	/**
	 * Purposes, with the option by which the shop asks for them.
	 */
	public const CONSENTS = array(
		'orders'    => 'recado_consent_orders',
		'marketing' => 'recado_consent_marketing',
	);

	/**
	 * WooCommerce keeps what the block checkout asks under such names.
	 */
	private const BLOCK_META = '_wc_other/';

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'woocommerce_checkout_fields', array( $this, 'add_classic_mobile' ) );
		add_action( 'woocommerce_after_order_notes', array( $this, 'print_classic_consents' ) );
		add_action( 'woocommerce_after_checkout_validation', array( $this, 'check_classic' ), 10, 2 );
		add_action( 'woocommerce_checkout_create_order', array( $this, 'keep_classic' ), 10, 2 );
		add_action( 'woocommerce_checkout_update_customer', array( $this, 'keep_for_customer' ), 10, 2 );
		add_action( 'woocommerce_init', array( $this, 'add_to_block' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( $this, 'keep_block' ) );
		add_action( 'woocommerce_admin_order_data_after_billing_address', array( $this, 'show_in_admin' ) );
	}

	/**
	 * Behind the billing phone.
	 *
	 * @param array $groups Of fields.
	 */
	public function add_classic_mobile( $groups ) {
		if ( $this->asks_mobile() ) {
			$groups['billing'][ self::CLASSIC_MOBILE ] = array(
				'type'         => 'tel',
				'label'        => self::mobile_label(),
				'required'     => false,
				'class'        => array( 'form-row-wide' ),
				'validate'     => array( 'phone' ),
				'autocomplete' => 'tel',
				'priority'     => 105,
				'default'      => (string) get_user_meta( get_current_user_id(), self::CLASSIC_MOBILE, true ),
			);
		}
		return $groups;
	}

	/**
	 * Unticked: a box ticked beforehand is no consent. Not beside the button, where WooCommerce draws everything anew
	 * after each change and would lose the tick.
	 */
	public function print_classic_consents(): void {
		foreach ( $this->consents_asked() as $purpose ) {
			woocommerce_form_field(
				self::classic_name( $purpose ),
				array(
					'type'     => 'checkbox',
					'class'    => array( 'form-row-wide', 'recado-consent' ),
					'label'    => esc_html( Wording::of( $purpose ) ),
					'required' => false,
				),
				self::is_ticked( $purpose ) ? 1 : 0
			);
		}
	}

	/**
	 * A number that cannot be one is told at once; the field may stay empty.
	 *
	 * @param array     $data   As posted.
	 * @param \WP_Error $errors Where objections go.
	 */
	public function check_classic( $data, $errors ): void {
		$typed = trim( (string) ( $data[ self::CLASSIC_MOBILE ] ?? '' ) );
		if ( '' !== $typed && ! ( new Number( $typed, '' ) )->is_plausible() ) {
			$errors->add( 'recado_mobile', self::not_a_number() );
		}
	}

	/**
	 * With the order, in the transaction that makes it.
	 *
	 * @param \WC_Order $order Being made.
	 * @param array     $data  As posted.
	 */
	public function keep_classic( $order, $data ): void {
		$typed = $this->asks_mobile() ? sanitize_text_field( (string) ( $data[ self::CLASSIC_MOBILE ] ?? '' ) ) : '';
		self::keep( $order, $typed, array_filter( $this->consents_asked(), array( self::class, 'is_ticked' ) ) );
	}

	/**
	 * So that a customer need not type it again.
	 *
	 * @param \WC_Customer $customer Who bought.
	 * @param array        $data     As posted.
	 */
	public function keep_for_customer( $customer, $data ): void {
		$typed = sanitize_text_field( (string) ( $data[ self::CLASSIC_MOBILE ] ?? '' ) );
		if ( $this->asks_mobile() && $typed ) {
			$customer->update_meta_data( self::CLASSIC_MOBILE, $typed );
		}
	}

	public function add_to_block(): void {
		if ( ! function_exists( 'woocommerce_register_additional_checkout_field' ) ) {
			return;
		}
		if ( $this->asks_mobile() ) {
			woocommerce_register_additional_checkout_field(
				array(
					'id'                         => self::BLOCK_MOBILE,
					'label'                      => self::mobile_label(),
					/* translators: %s: "Mobile number for texts". */
					'optionalLabel'              => sprintf( __( '%s (optional)', 'recado' ), self::mobile_label() ),
					'location'                   => 'contact',
					'type'                       => 'text',
					'required'                   => false,
					'show_in_order_confirmation' => false,
					'attributes'                 => array( 'autocomplete' => 'tel' ),
					'sanitize_callback'          => static fn( $typed ) => sanitize_text_field( (string) $typed ),
					'validate_callback'          => array( $this, 'check_block_mobile' ),
				)
			);
		}
		foreach ( $this->consents_asked() as $purpose ) {
			$this->add_consent_to_block( $purpose );
		}
	}

	/**
	 * The same check for the block checkout.
	 *
	 * @param mixed $typed The number.
	 * @return true|\WP_Error
	 */
	public function check_block_mobile( $typed ) {
		$typed = trim( (string) $typed );
		if ( '' === $typed || ( new Number( $typed, '' ) )->is_plausible() ) {
			return true;
		}
		return new \WP_Error( 'recado_mobile', self::not_a_number() );
	}

	/**
	 * From WooCommerce's names for additional fields to ours; the caller saves the order.
	 *
	 * @param \WC_Order $order Of the block checkout.
	 */
	public function keep_block( $order ): void {
		$ticked = array_filter(
			$this->consents_asked(),
			static fn( $purpose ) => '1' === (string) $order->get_meta( self::BLOCK_META . self::block_name( $purpose ) )
		);
		$typed  = $this->asks_mobile() ? (string) $order->get_meta( self::BLOCK_META . self::BLOCK_MOBILE ) : '';
		self::keep( $order, $typed, $ticked );
	}

	/**
	 * The number for texts, beside the billing address.
	 *
	 * @param \WC_Order $order Shown.
	 */
	public function show_in_admin( $order ): void {
		$typed = (string) $order->get_meta( Number::META );
		if ( $typed ) {
			printf( '<p><strong>%s:</strong><br>%s</p>', esc_html( self::mobile_label() ), esc_html( $typed ) );
		}
	}

	/**
	 * Keeps what was said, in the words that were shown: the sidecar takes both from the order.
	 *
	 * @param \WC_Order $order    Being placed.
	 * @param string    $typed    A mobile number, or empty.
	 * @param string[]  $purposes That were agreed to.
	 */
	private static function keep( $order, string $typed, array $purposes ): void {
		$consents = array_map(
			static fn( $purpose ) => array(
				'purpose' => $purpose,
				'wording' => Wording::of( $purpose ),
				'ip'      => Visitor::address(),
				'locale'  => Visitor::locale(),
			),
			array_values( $purposes )
		);
		foreach ( array( Number::META => trim( $typed ), self::CONSENTS_META => $consents ) as $key => $value ) {
			if ( $value ) {
				$order->update_meta_data( $key, $value );
			} else {
				$order->delete_meta_data( $key );
			}
		}
	}

	/**
	 * With the order, not with the contact: what is asked there WooCommerce keeps with the customer and ticks by itself
	 * the next time (finding 38: a consent box stays optional and unticked).
	 *
	 * @param string $purpose One of CONSENTS.
	 */
	private function add_consent_to_block( string $purpose ): void {
		woocommerce_register_additional_checkout_field(
			array(
				'id'                         => self::block_name( $purpose ),
				'label'                      => Wording::of( $purpose ),
				'optionalLabel'              => Wording::of( $purpose ),
				'location'                   => 'order',
				'type'                       => 'checkbox',
				'required'                   => false,
				'show_in_order_confirmation' => false,
			)
		);
	}

	private function asks_mobile(): bool {
		return 'yes' === get_option( self::MOBILE, 'no' );
	}

	/**
	 * Those that this shop asks for.
	 *
	 * @return string[]
	 */
	private function consents_asked(): array {
		return array_keys( array_filter( self::CONSENTS, static fn( $option ) => 'yes' === get_option( $option, 'no' ) ) );
	}

	private static function is_ticked( string $purpose ): bool {
		// phpcs:ignore WordPress.Security.NonceVerification -- WooCommerce has checked it.
		return ! empty( $_POST[ self::classic_name( $purpose ) ] );
	}

	private static function classic_name( string $purpose ): string {
		return 'recado_consent_' . $purpose;
	}

	private static function block_name( string $purpose ): string {
		return 'recado/consent-' . $purpose;
	}

	private static function mobile_label(): string {
		return __( 'Mobile number for texts', 'recado' );
	}

	private static function not_a_number(): string {
		return __( 'The mobile number for texts is no phone number: correct it or leave it empty.', 'recado' );
	}
}
