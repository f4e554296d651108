<?php
/**
 * What the admin pages ask for once they are there, so that no page waits for the sidecar.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Answer;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Ajax implements Feature {

	public const NONCE = 'recado-admin';

	private const FOR_SETTINGS = array( 'preview', 'own_texts', 'reword', 'test' );
	private const FOR_ORDERS   = array( 'message', 'order', 'order_preview', 'send' );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		foreach ( self::FOR_SETTINGS as $name ) {
			add_action( "wp_ajax_recado_$name", fn() => $this->answer( 'manage_woocommerce', new Settings_Requests( $this->plugin ), $name ) );
		}
		foreach ( self::FOR_ORDERS as $name ) {
			add_action( "wp_ajax_recado_$name", fn() => $this->answer( 'edit_shop_orders', new Order_Requests( $this->plugin ), $name ) );
		}
	}

	private function answer( string $right, object $requests, string $name ): void {
		if ( ! check_ajax_referer( self::NONCE, 'nonce', false ) || ! current_user_can( $right ) ) {
			wp_send_json( array( 'problem' => __( 'Your session has ended: load the page again.', 'recado' ) ), 403 );
		}
		$answer = $requests->$name();
		wp_send_json( self::shown( $answer ) );
	}

	/**
	 * For the script: the answer's data, or the problem in a sentence.
	 *
	 * @param Answer $answer Of the sidecar.
	 */
	private static function shown( Answer $answer ): array {
		if ( $answer->is_ok() ) {
			return $answer->data;
		}
		return array(
			'problem' => Words::refusal( $answer ),
			'code'    => $answer->code,
		);
	}

	/**
	 * A field of the request, as typed.
	 *
	 * @param string $name Of the field.
	 */
	public static function posted( string $name ): string {
		// phpcs:ignore WordPress.Security
		return isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? trim( wp_unslash( $_POST[ $name ] ) ) : '';
	}
}
