<?php
/**
 * What the box on the order page asks the sidecar for.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Answer;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Order_Requests {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	/**
	 * One message, to see what has become of it.
	 */
	public function message(): Answer {
		return $this->plugin->sidecar()->get( '/messages/' . rawurlencode( Ajax::posted( 'id' ) ) );
	}

	/**
	 * All about an order: its messages, and what its customer wrote.
	 */
	public function order(): Answer {
		$query    = array(
			'order_id' => Ajax::posted( 'order_id' ),
			'limit'    => 50,
		);
		$messages = $this->plugin->sidecar()->get( '/messages', $query );
		if ( ! $messages->is_ok() ) {
			return $messages;
		}
		$talk = $this->plugin->sidecar()->get( '/conversations', array( 'limit' => 1 ) + $query );
		$with = $talk->data['conversations'][0]['id'] ?? '';
		$said = $with ? $this->plugin->sidecar()->get( "/conversations/$with" ) : new Answer( 200 );
		if ( $said->is_ok() && ! empty( $said->data['entries'] ) ) {
			$this->mark_read( $with, $said->data['entries'] );
		}
		return new Answer(
			200,
			array(
				'messages'     => $messages->data['messages'],
				'entries'      => $said->data['entries'] ?? array(),
				'conversation' => $with,
			)
		);
	}

	/**
	 * What is being written, or an approved text, as it would leave.
	 */
	public function order_preview(): Answer {
		$order = $this->order_asked_for();
		if ( ! $order ) {
			return self::no_such_order();
		}
		$wish = array( 'order' => Latest_Order::facts( $order ) );
		if ( '' !== Ajax::posted( 'text' ) ) {
			$wish['text'] = Ajax::posted( 'text' );
		} else {
			$wish['keys'] = array( sanitize_key( Ajax::posted( 'template' ) ) );
		}
		return $this->plugin->sidecar()->post( '/previews', $wish );
	}

	/**
	 * Sends one text by hand to the order's number. To a customer who wrote about this order it is an answer, which
	 * waits for no hours while they are in the conversation.
	 */
	public function send(): Answer {
		$order = $this->order_asked_for();
		if ( ! $order ) {
			return self::no_such_order();
		}
		if ( '' !== Ajax::posted( 'conversation' ) ) {
			$path = '/conversations/' . rawurlencode( Ajax::posted( 'conversation' ) ) . '/messages';
			return $this->plugin->sidecar()->post( $path, self::words(), Ajax::posted( 'key' ) );
		}
		list( $number, $country ) = $this->number_of( $order );
		$wish                     = array(
			'to'       => $number,
			'country'  => preg_match( '/^[A-Z]{2}$/', $country ) ? $country : '',
			'order_id' => (string) $order->get_id(),
		);
		if ( '' === trim( $wish['to'] ) ) {
			return new Answer( 422, array(), 'no_number', __( 'This order has no phone number.', 'recado' ) );
		}
		return $this->plugin->sidecar()->post( '/messages', $wish + self::words(), Ajax::posted( 'key' ) );
	}

	/**
	 * The number that the sidecar texts by itself, too: the one given for texts, else that of the buyer or receiver.
	 *
	 * @param \WC_Order $order Any.
	 * @return array{0: string, 1: string} As it was written, and in which country.
	 */
	private function number_of( \WC_Order $order ): array {
		foreach ( array_filter( array( $this->plugin->settings()->get( 'phone_meta_key' ), '_recado_mobile' ) ) as $key ) {
			$number = (string) $order->get_meta( (string) $key );
			if ( '' !== trim( $number ) ) {
				return array( $number, $order->get_billing_country() );
			}
		}
		if ( 'receiver' === $this->plugin->settings()->get( 'recipient' ) && '' !== trim( $order->get_shipping_phone() ) ) {
			return array( $order->get_shipping_phone(), $order->get_shipping_country() );
		}
		return array( $order->get_billing_phone(), $order->get_billing_country() );
	}

	private static function words(): array {
		$text = Ajax::posted( 'text' );
		return '' !== $text ? array( 'text' => $text ) : array( 'template' => sanitize_key( Ajax::posted( 'template' ) ) );
	}

	private function mark_read( string $conversation, array $entries ): void {
		$unread = array_filter( $entries, static fn( $entry ) => 'in' === $entry['direction'] && false === $entry['read'] );
		if ( $unread ) {
			$this->plugin->sidecar()->post( "/conversations/$conversation/read", array( 'up_to' => end( $unread )['id'] ) );
		}
	}

	private function order_asked_for(): ?\WC_Order {
		$order = wc_get_order( absint( Ajax::posted( 'order_id' ) ) );
		return $order instanceof \WC_Order && current_user_can( 'edit_shop_order', $order->get_id() ) ? $order : null;
	}

	private static function no_such_order(): Answer {
		return new Answer( 404, array(), 'unknown_order', __( 'There is no such order.', 'recado' ) );
	}
}
