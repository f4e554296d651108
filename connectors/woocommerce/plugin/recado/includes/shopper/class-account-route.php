<?php
/**
 * What the page My account > SMS asks for once it is shown. The page itself calls nobody: the sidecar is asked from here,
 * for the customer who is signed in, with WordPress's own nonce.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Account_Route implements Feature {

	private const PER_CUSTOMER = array( 40, 600 );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add_routes' ) );
	}

	public function add_routes(): void {
		$routes = array(
			array( 'GET', '/account', 'show' ),
			array( 'POST', '/account/alerts/end', 'end_alert' ),
			array( 'POST', '/account/consents', 'say' ),
			array( 'POST', '/account/code', 'prove' ),
		);
		foreach ( $routes as list( $methods, $path, $callback ) ) {
			register_rest_route(
				'recado/v1',
				$path,
				array(
					'methods'             => $methods,
					'callback'            => array( $this, $callback ),
					'permission_callback' => array( $this, 'may' ),
				)
			);
		}
	}

	/**
	 * Customers who are signed in, and not without end.
	 *
	 * @return bool|\WP_Error
	 */
	public function may() {
		if ( ! is_user_logged_in() || ! $this->plugin->settings()->is_connected() ) {
			return false;
		}
		if ( $this->plugin->limit()->take( 'account', (string) get_current_user_id(), ...self::PER_CUSTOMER ) ) {
			return true;
		}
		return new \WP_Error( 'recado_too_many', __( 'That was asked for too often. Please try again in an hour.', 'recado' ), array( 'status' => 429 ) );
	}

	public function show(): \WP_REST_Response {
		$account = $this->account();
		$found   = $account->overview();
		if ( $found instanceof Answer ) {
			return self::told( 'refused', __( 'This cannot be shown at the moment. Please try again later.', 'recado' ), 503 );
		}
		$number = $account->number();
		return self::answer(
			$found + array(
				'state'  => 'shown',
				'number' => $number ? $number->typed : '',
				'proven' => (bool) $account->proven(),
			)
		);
	}

	/**
	 * Only what was shown to this very customer can be ended.
	 *
	 * @param \WP_REST_Request $request With the alert's handle.
	 */
	public function end_alert( \WP_REST_Request $request ): \WP_REST_Response {
		$id = $this->account()->alert_of( (string) $request['handle'] );
		if ( ! $id ) {
			return self::told( 'refused', __( 'This did not work. Please load the page again.', 'recado' ), 404 );
		}
		$answer = $this->plugin->sidecar()->delete( "/stock-alerts/$id" );
		return $this->done_or_kept( $answer, 'alert.ended', compact( 'id' ) );
	}

	/**
	 * Yes or no to one purpose, for a number that is proved.
	 *
	 * @param \WP_REST_Request $request With purpose and on.
	 */
	public function say( \WP_REST_Request $request ): \WP_REST_Response {
		$number  = $this->account()->proven();
		$purpose = (string) $request['purpose'];
		if ( ! $number || ! isset( Wording::OPTIONS[ $purpose ] ) ) {
			return self::told( 'refused', __( 'Please confirm your number first.', 'recado' ), 403 );
		}
		$said = $number->for_sidecar() + array(
			'purpose'  => $purpose,
			'standing' => $request['on'] ? 'in' : 'out',
			'source'   => 'account',
			'wording'  => $request['on'] ? Wording::of( $purpose ) : '',
			'ip'       => Visitor::address(),
			'locale'   => Visitor::locale(),
			'evidence' => 'account_' . bin2hex( random_bytes( 12 ) ),
		);
		return $this->done_or_kept( $this->plugin->sidecar()->post( '/consents', $said ), 'consent.said', $said );
	}

	/**
	 * By a code, that the account's number is the customer's.
	 *
	 * @param \WP_REST_Request $request With a code, or without one to have it sent.
	 */
	public function prove( \WP_REST_Request $request ): \WP_REST_Response {
		$number = $this->account()->number();
		if ( ! $number ) {
			return self::told( 'refused', __( 'Your account has no phone number: add one to your address first.', 'recado' ), 422 );
		}
		$user_id = get_current_user_id();
		$state   = new Code_State( new User_Session( $user_id ), time() );
		$desk    = new Code_Desk( $this->plugin->sidecar(), $state, 'account_' . substr( wp_hash( "recado $user_id" ), 0, 32 ), false );
		$code    = (string) $request['code'];
		$told    = '' === $code ? $desk->send( $number ) : $desk->check( $number, $code );
		if ( Code_State::CONFIRMED === $told['state'] ) {
			Proven::remember( $user_id, $number );
		}
		return self::answer( $told );
	}

	/**
	 * What cannot be told at once waits in the outbox, and is not lost.
	 *
	 * @param Answer $answer Of the sidecar.
	 * @param string $event  What to tell later.
	 * @param array  $data   Of it.
	 */
	private function done_or_kept( Answer $answer, string $event, array $data ): \WP_REST_Response {
		if ( $answer->is_ok() ) {
			return self::told( 'done', __( 'Done.', 'recado' ) );
		}
		if ( ! Refusals::is_ours( $answer ) ) {
			return self::told( 'refused', Refusals::sentence( $answer ), max( 400, $answer->status ) );
		}
		$this->plugin->teller()->tell( $event, $data );
		return self::told( 'kept', __( 'Noted. It takes effect as soon as our service for texts answers again.', 'recado' ), 202 );
	}

	private function account(): Account {
		return new Account( $this->plugin, get_current_user_id() );
	}

	private static function told( string $state, string $words, int $status = 200 ): \WP_REST_Response {
		return self::answer( compact( 'state', 'words' ), $status );
	}

	private static function answer( array $data, int $status = 200 ): \WP_REST_Response {
		$answer = new \WP_REST_Response( $data, $status );
		$answer->header( 'Cache-Control', 'no-store' );
		return $answer;
	}
}
