<?php
/**
 * What the script of the settings asks the sidecar for.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Answer;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Settings_Requests {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	/**
	 * Texts as they would leave, with what has been typed, about the latest order.
	 */
	public function preview(): Answer {
		$order = Latest_Order::find();
		$wish  = array( 'keys' => self::keys() );
		foreach ( array( 'sender', 'contact', 'locale' ) as $name ) {
			// phpcs:ignore WordPress.Security
			if ( isset( $_POST[ $name ] ) ) {
				$wish[ $name ] = Ajax::posted( $name );
			}
		}
		if ( '' !== Ajax::posted( 'text' ) ) {
			$wish['text'] = Ajax::posted( 'text' );
		}
		if ( $order ) {
			$wish['order'] = Latest_Order::facts( $order );
		}
		$answer = $this->plugin->sidecar()->post( '/previews', $wish );
		if ( $answer->is_ok() ) {
			/* translators: %s: number of an order */
			$answer->data['about'] = $order ? sprintf( __( 'About your latest order, #%s.', 'recado' ), $order->get_order_number() ) : __( 'About a made-up order: this shop has none yet.', 'recado' );
		}
		return $answer;
	}

	/**
	 * The texts in the shop's own words, and where each is on its way to approval.
	 */
	public function own_texts(): Answer {
		return $this->plugin->sidecar()->get( '/texts' );
	}

	/**
	 * Hands a text in the shop's own words to the operator.
	 */
	public function reword(): Answer {
		$draft = array(
			'key'    => Ajax::posted( 'key' ),
			'locale' => (string) $this->plugin->settings()->get( 'locale', 'en' ),
			'text'   => Ajax::posted( 'text' ),
		);
		$made  = $this->plugin->sidecar()->post( '/texts', $draft );
		return $made->is_ok() ? $this->plugin->sidecar()->post( '/texts/' . rawurlencode( $made->data['id'] ) . '/submit', array() ) : $made;
	}

	public function test(): Answer {
		$wish = array(
			'to'       => Ajax::posted( 'to' ),
			'template' => Ajax::posted( 'template' ),
		);
		return $this->plugin->sidecar()->post( '/test-message', $wish, Ajax::posted( 'key' ) );
	}

	/**
	 * The keys asked for, those only that are keys.
	 *
	 * @return string[]
	 */
	private static function keys(): array {
		return array_values( array_filter( array_map( 'sanitize_key', explode( ',', Ajax::posted( 'keys' ) ) ) ) );
	}
}
