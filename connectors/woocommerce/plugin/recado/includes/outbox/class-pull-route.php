<?php
/**
 * The last net: the sidecar asks for what has not reached it. POST /?rest_route=/recado/v1/outbox, signed with the
 * shop's events secret; nothing else opens it.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Pull_Route implements Feature {

	private const MOST = 200;

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add_route' ) );
	}

	public function add_route(): void {
		register_rest_route(
			'recado/v1',
			'/outbox',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'hand_out' ),
				'permission_callback' => array( $this, 'is_the_sidecar' ),
			)
		);
	}

	/**
	 * Whether the request is the sidecar's own.
	 *
	 * @param \WP_REST_Request $request Signed over its body.
	 * @return true|\WP_Error
	 */
	public function is_the_sidecar( \WP_REST_Request $request ) {
		$headers = array();
		foreach ( array( 'webhook-id', 'webhook-timestamp', 'webhook-signature' ) as $name ) {
			$headers[ $name ] = (string) $request->get_header( $name );
		}
		if ( Signature::is_genuine( $headers, $request->get_body(), $this->plugin->connection()->events_secret(), time() ) ) {
			return true;
		}
		return new \WP_Error(
			'recado_bad_signature',
			'Sign by Standard Webhooks with this shop\'s events secret, at the right time.',
			array( 'status' => 401 )
		);
	}

	/**
	 * Takes note of what has arrived, and hands out the oldest of what has not.
	 *
	 * @param \WP_REST_Request $request With take and done.
	 */
	public function hand_out( \WP_REST_Request $request ): \WP_REST_Response {
		$asked = (array) json_decode( $request->get_body(), true );
		$done  = array_filter( array_slice( (array) ( $asked['done'] ?? array() ), 0, self::MOST ), 'is_string' );
		$take  = max( 0, min( self::MOST, (int) ( $asked['take'] ?? 50 ) ) );
		$this->plugin->outbox()->mark_delivered( $done, time() );
		$rows   = $this->plugin->outbox()->oldest( $take );
		$answer = new \WP_REST_Response(
			array(
				'events' => array_map(
					static fn( $row ) => array(
						'id'   => $row->event_id,
						'body' => $row->body,
					),
					$rows
				),
				'left'   => max( 0, $this->plugin->outbox()->waiting() - count( $rows ) ),
				'plugin' => RECADO_VERSION,
			)
		);
		$answer->header( 'Cache-Control', 'no-store' );
		return $answer;
	}
}
