<?php
/**
 * What one customer of the shop may see and change of what the sidecar holds. An alert is shown to the account that asked
 * for it; all else belongs to a number, and is shown to who has proved that the number is theirs.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Account {

	private const OPEN        = array( 'pending', 'waiting', 'texting' );
	private const MOST_SHOWN  = 30;
	private const MOBILE_META = array( Checkout_Fields::CLASSIC_MOBILE, '_wc_other/recado/mobile', 'billing_phone' );

	private Plugin $plugin;
	private int $user_id;

	public function __construct( Plugin $plugin, int $user_id ) {
		$this->plugin  = $plugin;
		$this->user_id = $user_id;
	}

	/**
	 * The number of the account, for texts; null where there is none.
	 */
	public function number(): ?Number {
		foreach ( self::MOBILE_META as $key ) {
			$number = new Number( (string) get_user_meta( $this->user_id, $key, true ), (string) get_user_meta( $this->user_id, 'billing_country', true ) );
			if ( $number->is_plausible() ) {
				return $number;
			}
		}
		return null;
	}

	/**
	 * The same, if it is proved to be this customer's: another one in the address later is another number.
	 */
	public function proven(): ?Number {
		$proven = Proven::of( $this->user_id );
		$number = $this->number();
		return $proven && $number && $proven->key() === $number->key() ? $proven : null;
	}

	/**
	 * The alerts, and what stands for the number. Two calls at most, each of them limited.
	 *
	 * @return Answer|array{alerts: array, consents: array} The answer where the sidecar did not give one.
	 */
	public function overview() {
		$proven = $this->proven();
		$asked  = $this->plugin->sidecar()->get( '/stock-alerts', array( 'customer_id' => (string) $this->user_id ) );
		if ( ! $asked->is_ok() ) {
			return $asked;
		}
		$alerts   = (array) ( $asked->data['alerts'] ?? array() );
		$consents = array();
		if ( $proven ) {
			$said = $this->plugin->sidecar()->get( '/consents', $proven->for_sidecar() );
			$more = $said->is_ok() ? $this->plugin->sidecar()->get( '/stock-alerts', $proven->for_sidecar() ) : $said;
			if ( ! $more->is_ok() ) {
				return $more;
			}
			$consents = $this->consents( (array) ( $said->data['standings'] ?? array() ) );
			$alerts   = array_merge( $alerts, (array) ( $more->data['alerts'] ?? array() ) );
		}
		return array(
			'alerts'   => $this->alerts( $alerts ),
			'consents' => $consents,
		);
	}

	/**
	 * Whether the handle of an alert was given to this customer, and of which alert it is.
	 *
	 * @param string $handle As shown.
	 */
	public function alert_of( string $handle ): string {
		$id = (string) strtok( $handle, '.' );
		return preg_match( '/^alr_[0-9a-f]{1,60}$/', $id ) && hash_equals( $this->handle( $id ), $handle ) ? $id : '';
	}

	private function handle( string $id ): string {
		return $id . '.' . substr( wp_hash( "recado alert {$this->user_id} $id" ), 0, 20 );
	}

	/**
	 * Each once, what still waits first.
	 *
	 * @param array $alerts As the sidecar tells them.
	 */
	private function alerts( array $alerts ): array {
		$by_id = array_column( $alerts, null, 'id' );
		krsort( $by_id );
		$shown = array();
		foreach ( $by_id as $id => $alert ) {
			$product = wc_get_product( (int) ( ! empty( $alert['variation_id'] ) ? $alert['variation_id'] : $alert['product_id'] ) );
			$is_open = in_array( $alert['state'], self::OPEN, true );
			$shown[] = array(
				'name'   => $product ? wp_strip_all_tags( $product->get_name() ) : __( 'A product that is no more', 'recado' ),
				'url'    => $product ? $product->get_permalink() : '',
				'number' => (string) $alert['number'],
				'state'  => self::state( $alert ),
				'handle' => $is_open ? $this->handle( (string) $id ) : '',
			);
		}
		usort( $shown, static fn( $one, $other ) => ( '' === $one['handle'] ) <=> ( '' === $other['handle'] ) );
		return array_slice( $shown, 0, self::MOST_SHOWN );
	}

	private static function state( array $alert ): string {
		$words = array(
			'pending' => __( 'Waits for you to confirm by the text we sent', 'recado' ),
			'waiting' => __( 'You will get a text when it is back', 'recado' ),
			'texting' => __( 'Your text is on its way', 'recado' ),
			'texted'  => __( 'You got a text', 'recado' ),
		);
		return $words[ $alert['state'] ] ?? __( 'Ended', 'recado' );
	}

	/**
	 * By purpose, with the words that a yes would be to.
	 *
	 * @param array<string, string> $standings As the sidecar tells them.
	 */
	private function consents( array $standings ): array {
		$shown = array();
		foreach ( array_keys( Wording::OPTIONS ) as $purpose ) {
			$stands  = (string) ( $standings[ $purpose ] ?? '' );
			$shown[] = array(
				'purpose'  => $purpose,
				'name'     => Wording::name( $purpose ),
				'wording'  => Wording::of( $purpose ),
				'standing' => $stands,
				'state'    => $this->standing( $purpose, $stands ),
				'on'       => $this->is_on( $purpose, $stands ),
			);
		}
		return $shown;
	}

	/**
	 * Whether such texts would come. Where nothing was said, texts about orders do, unless the shop wants a yes first.
	 *
	 * @param string $purpose One of Wording::OPTIONS.
	 * @param string $stands  In, out, pending or empty.
	 */
	private function is_on( string $purpose, string $stands ): bool {
		$implied = 'stock_alerts' === $purpose || ( 'orders' === $purpose && 'opt_in' !== $this->plugin->settings()->get( 'order_consent' ) );
		return 'in' === $stands || ( '' === $stands && $implied );
	}

	private function standing( string $purpose, string $stands ): string {
		if ( 'pending' === $stands ) {
			return __( 'Waits for you to confirm by the text we sent', 'recado' );
		}
		return $this->is_on( $purpose, $stands ) ? __( 'On', 'recado' ) : __( 'Off', 'recado' );
	}
}
