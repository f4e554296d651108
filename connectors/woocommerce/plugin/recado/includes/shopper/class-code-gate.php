<?php
/**
 * Lets an order through, or not yet: in the classic and in the block checkout. Reads what is remembered of the visit and calls nobody.
 * What became of the code stays with the order, in words the shop can read.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Automattic\WooCommerce\StoreApi\Exceptions\RouteException;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Code_Gate implements Feature {

	/**
	 * With an order: confirmed, no_mobile or not_sent.
	 */
	public const META = '_recado_code';

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	/**
	 * The hooks of the classic templates do not run in the block checkout, so both are served (finding 38).
	 */
	public function register(): void {
		add_action( 'woocommerce_after_checkout_validation', array( $this, 'check_classic' ), 20, 2 );
		add_action( 'woocommerce_checkout_create_order', array( $this, 'mark' ), 20 );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( $this, 'check_block' ), 20, 2 );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'note_classic' ), 5, 3 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'note' ), 5 );
		add_filter( 'woocommerce_cod_process_payment_order_status', array( $this, 'hold' ), 20, 2 );
		add_filter( 'woocommerce_payment_complete_order_status', array( $this, 'hold_paid' ), 20, 3 );
	}

	/**
	 * Before a classic order is made.
	 *
	 * @param array     $data   As posted.
	 * @param \WP_Error $errors Where objections go.
	 */
	public function check_classic( $data, $errors ): void {
		$data   = (array) $data;
		$typed  = trim( (string) ( $data[ Checkout_Fields::CLASSIC_MOBILE ] ?? '' ) );
		$number = new Number( $typed ? $typed : (string) ( $data['billing_phone'] ?? '' ), (string) ( $data['billing_country'] ?? '' ) );
		$method = (string) ( $data['payment_method'] ?? '' );
		$words  = $this->objection( $method, (float) WC()->cart->get_total( 'edit' ), $number, (string) ( $data['billing_email'] ?? '' ) );
		if ( $words ) {
			$errors->add( 'recado_code', $words );
		}
	}

	/**
	 * Before an order of the block checkout is paid. The same hook runs while the shopper still types: only the order
	 * itself comes by POST.
	 *
	 * @param \WC_Order        $order   Filled in.
	 * @param \WP_REST_Request $request Of the Store API.
	 * @throws RouteException When the number has to be confirmed first.
	 */
	public function check_block( $order, $request ): void {
		if ( 'POST' !== $request->get_method() ) {
			return;
		}
		$words = $this->objection( $order->get_payment_method(), (float) $order->get_total(), Number::of_order( $order ), $order->get_billing_email() );
		if ( $words ) {
			throw new RouteException( 'recado_code', esc_html( $words ), 400 );
		}
		$this->mark( $order );
	}

	/**
	 * Writes into the order how its number stands; the caller saves it.
	 *
	 * @param \WC_Order $order Being placed.
	 */
	public function mark( $order ): void {
		$number = Number::of_order( $order );
		if ( ! $this->is_needed( $order->get_payment_method(), (float) $order->get_total(), $number, $order->get_billing_email() ) ) {
			$order->delete_meta_data( self::META );
			return;
		}
		$order->update_meta_data( self::META, $this->state()->of( $number ) );
	}

	/**
	 * Of the classic checkout.
	 *
	 * @param int       $order_id Of the order.
	 * @param array     $posted   Not needed.
	 * @param \WC_Order $order    Placed.
	 */
	public function note_classic( $order_id, $posted, $order ): void {
		$this->note( $order );
	}

	/**
	 * Tells the shop what it has to know, and remembers a customer's confirmed number.
	 *
	 * @param \WC_Order $order Placed.
	 */
	public function note( $order ): void {
		$state = (string) $order->get_meta( self::META );
		$words = self::words( $state );
		if ( $words ) {
			$order->add_order_note( $words );
		}
		if ( Code_State::CONFIRMED === $state && $order->get_customer_id() ) {
			Proven::remember( $order->get_customer_id(), Number::of_order( $order ) );
		}
		if ( $state ) {
			$this->state()->end_of_order();
		}
	}

	/**
	 * Cash on delivery.
	 *
	 * @param string    $status That the order would get.
	 * @param \WC_Order $order  Placed.
	 */
	public function hold( $status, $order ) {
		$choices = array(
			Code_State::NO_MOBILE => Code_Rule::without_mobile(),
			Code_State::NOT_SENT  => Code_Rule::when_not_sent(),
		);
		$state   = $order instanceof \WC_Order ? (string) $order->get_meta( self::META ) : '';
		return 'hold' === ( $choices[ $state ] ?? '' ) ? 'on-hold' : $status;
	}

	/**
	 * Paid at once.
	 *
	 * @param string         $status   That the order would get.
	 * @param int            $order_id Of the order.
	 * @param \WC_Order|null $order    The order itself.
	 */
	public function hold_paid( $status, $order_id, $order = null ) {
		return $this->hold( $status, $order ? $order : wc_get_order( $order_id ) );
	}

	/**
	 * The ways of paying for which the cart of this moment needs a code.
	 *
	 * @return string[]
	 */
	public function methods_of_cart( Number $number, string $email ): array {
		return $this->methods( (float) WC()->cart->get_total( 'edit' ), $number, $email );
	}

	public function state(): Code_State {
		return new Code_State( new Visit( (string) WC()->session->get_customer_id() ), time() );
	}

	private function objection( string $method, float $total, Number $number, string $email ): string {
		if ( ! $this->is_needed( $method, $total, $number, $email ) || $this->lets_pass( $this->state()->of( $number ) ) ) {
			return '';
		}
		return __( 'Please confirm your mobile number by the code that we text you, then place the order again.', 'recado' );
	}

	/**
	 * The choice of this moment counts, not the one of the moment in which somebody got on without a code.
	 *
	 * @param string $state Of the shopper.
	 */
	private function lets_pass( string $state ): bool {
		return Code_State::CONFIRMED === $state
			|| ( Code_State::NO_MOBILE === $state && 'refuse' !== Code_Rule::without_mobile() )
			|| ( Code_State::NOT_SENT === $state && 'refuse' !== Code_Rule::when_not_sent() );
	}

	private function is_needed( string $method, float $total, Number $number, string $email ): bool {
		return Code_Rule::applies( $this->methods( $total, $number, $email ), $method );
	}

	private function methods( float $total, Number $number, string $email ): array {
		if ( ! $this->plugin->settings()->is_connected() || ! WC()->session ) {
			return array();
		}
		return Code_Rule::methods( $total, static fn() => Code_Rule::is_new_customer( get_current_user_id(), $email, $number ) );
	}

	private static function words( string $state ): string {
		$words = array(
			Code_State::CONFIRMED => __( 'The customer confirmed the mobile number by a code.', 'recado' ),
			Code_State::NO_MOBILE => __( 'The number is not confirmed: the customer cannot receive texts. Call before you send anything.', 'recado' ),
			Code_State::NOT_SENT  => __( 'The number is not confirmed: no code could be sent when the order was placed. Confirm it with the customer.', 'recado' ),
		);
		return $words[ $state ] ?? '';
	}
}
