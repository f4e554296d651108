<?php
/**
 * Where the form "Text me when it is back" arrives: the one place of a product's page that calls the sidecar, because
 * a person asked for it in this moment. When the sidecar is away the wish goes into the outbox and is not lost.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Alert_Route implements Feature {

	private const PER_ADDRESS = array( 5, 600 );
	private const PER_SHOP    = array( 60, 60 );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add_routes' ) );
	}

	/**
	 * Open to everybody, without a nonce: pages are cached, and nothing here is done in anybody's name but a number's,
	 * whose owner confirms it.
	 */
	public function add_routes(): void {
		$routes = array(
			'/stock-alerts'         => 'ask',
			'/stock-alerts/confirm' => 'confirm',
		);
		foreach ( $routes as $path => $method ) {
			register_rest_route(
				'recado/v1',
				$path,
				array(
					'methods'             => 'POST',
					'callback'            => array( $this, $method ),
					'permission_callback' => '__return_true',
				)
			);
		}
	}

	/**
	 * Somebody wants to be told.
	 *
	 * @param \WP_REST_Request $request With product, number, locale and the trap.
	 */
	public function ask( \WP_REST_Request $request ): \WP_REST_Response {
		$product = $this->sold_out( (int) $request['product'] );
		$number  = sanitize_text_field( (string) $request['number'] );
		if ( '' !== trim( (string) $request[ Alert_Form::TRAP ] ) ) {
			return self::told( 202, 'noted', __( 'Thank you.', 'recado' ) );
		}
		if ( ! $product ) {
			return self::told( 409, 'available', __( 'This product is not sold out any more. Please load the page again.', 'recado' ) );
		}
		if ( ! self::looks_like_a_number( $number ) ) {
			return self::told( 422, 'refused', __( 'Please write your mobile number.', 'recado' ) );
		}
		if ( ! $this->may_ask() ) {
			return self::told( 429, 'refused', __( 'That was asked for too often. Please try again in an hour.', 'recado' ) );
		}
		$wish = self::wish( $product, $number, sanitize_text_field( (string) $request['locale'] ) );
		return $this->passed_on( $wish );
	}

	/**
	 * The code out of the text, where the shop confirms by code.
	 *
	 * @param \WP_REST_Request $request With alert and code.
	 */
	public function confirm( \WP_REST_Request $request ): \WP_REST_Response {
		$alert = (string) $request['alert'];
		$code  = (string) preg_replace( '/\D/', '', (string) $request['code'] );
		if ( ! preg_match( '/^alr_[0-9a-f]{1,60}$/', $alert ) || 6 !== strlen( $code ) ) {
			return self::told( 422, 'refused', __( 'The code has six digits.', 'recado' ) );
		}
		if ( ! $this->plugin->limit()->take( 'alert_code', Visitor::address(), 20, 600 ) ) {
			return self::told( 429, 'refused', __( 'That was asked for too often. Please try again in an hour.', 'recado' ) );
		}
		$answer = $this->plugin->sidecar()->post( "/stock-alerts/$alert/confirm", compact( 'code' ) );
		if ( $answer->is_ok() ) {
			return self::told( 200, 'confirmed', __( 'Done: we will text you when it is back.', 'recado' ) );
		}
		return $this->refused( $answer );
	}

	private function passed_on( array $wish ): \WP_REST_Response {
		$answer = $this->plugin->sidecar()->post( '/stock-alerts', $wish );
		if ( $answer->is_ok() ) {
			$by_code = 'code' === ( $answer->data['confirmation'] ?? '' );
			$words   = $by_code
				? __( 'We sent you a text with a code. Write it here to confirm.', 'recado' )
				: __( 'We sent you a text. Open the link in it to confirm.', 'recado' );
			return self::told( 202, $by_code ? 'code' : 'noted', $words, (string) ( $answer->data['id'] ?? '' ) );
		}
		if ( ! Refusals::is_ours( $answer ) ) {
			return $this->refused( $answer );
		}
		$this->plugin->teller()->tell( 'alert.asked', $wish );
		$this->plugin->log()->warning( "A wish to be told of a product waits in the outbox: {$answer->code}." );
		return self::told( 202, 'noted', __( 'Noted. We cannot send texts at the moment; you will get one to confirm as soon as we can.', 'recado' ) );
	}

	private function refused( Answer $answer ): \WP_REST_Response {
		$status = Refusals::is_ours( $answer ) ? 503 : max( 400, $answer->status );
		return self::told( $status, 'refused', Refusals::sentence( $answer ) );
	}

	private function may_ask(): bool {
		return $this->plugin->limit()->take( 'alert', Visitor::address(), ...self::PER_ADDRESS )
			&& $this->plugin->limit()->take( 'alerts', 'shop', ...self::PER_SHOP );
	}

	private function sold_out( int $id ): ?\WC_Product {
		$product = $this->plugin->settings()->offers_alerts() ? wc_get_product( $id ) : null;
		$shown   = $product && 'publish' === $product->get_status() && ! $product->is_in_stock();
		return $shown ? $product : null;
	}

	/**
	 * As the sidecar takes it, now by its API or later from the outbox.
	 *
	 * @param \WC_Product $product Or variation.
	 * @param string      $number  As typed.
	 * @param string      $locale  Of the page.
	 */
	private static function wish( \WC_Product $product, string $number, string $locale ): array {
		$parent   = $product->get_parent_id();
		$switched = $locale && switch_to_locale( $locale );
		$wish     = array(
			'product_id' => (string) ( $parent ? $parent : $product->get_id() ),
			'name'       => mb_substr( wp_strip_all_tags( $product->get_name() ), 0, 200 ),
			'url'        => mb_substr( $product->get_permalink(), 0, 500 ),
			'number'     => $number,
			'country'    => WC()->countries->get_base_country(),
			'locale'     => Visitor::locale( $locale ),
			'wording'    => Wording::of( 'stock_alerts' ),
			'ip'         => Visitor::address(),
		);
		if ( $switched ) {
			restore_previous_locale();
		}
		if ( $parent ) {
			$wish['variation_id'] = (string) $product->get_id();
		}
		if ( get_current_user_id() ) {
			$wish['customer_id'] = (string) get_current_user_id();
		}
		return $wish;
	}

	private static function looks_like_a_number( string $number ): bool {
		return strlen( $number ) <= 30 && strlen( (string) preg_replace( '/\D/', '', $number ) ) >= 6;
	}

	private static function told( int $status, string $state, string $words, string $alert = '' ): \WP_REST_Response {
		$answer = new \WP_REST_Response( array_filter( compact( 'state', 'words', 'alert' ) ), $status );
		$answer->header( 'Cache-Control', 'no-store' );
		return $answer;
	}
}
