<?php
/**
 * The sidecar's API, asked for what a person wants in this moment.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Sidecar {

	/**
	 * Seconds a person waits at most; then there is another way on.
	 */
	public const LIMIT = 5;

	private const LARGEST_ANSWER = 1048576;

	private Connection $connection;

	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	public function get( string $path, array $query = array() ): Answer {
		return $this->ask( 'GET', $query ? $path . '?' . http_build_query( $query ) : $path );
	}

	/**
	 * Sends a body; with a key, sending it twice does it once.
	 *
	 * @param string $path  Below /api/v1, such as "/messages".
	 * @param array  $body  Becomes a JSON object.
	 * @param string $idempotency_key The same key is the same message.
	 */
	public function post( string $path, array $body, string $idempotency_key = '' ): Answer {
		return $this->ask( 'POST', $path, $body, $idempotency_key ? array( 'Idempotency-Key' => $idempotency_key ) : array() );
	}

	public function patch( string $path, array $body ): Answer {
		return $this->ask( 'PATCH', $path, $body );
	}

	public function delete( string $path ): Answer {
		return $this->ask( 'DELETE', $path );
	}

	private function ask( string $method, string $path, ?array $body = null, array $headers = array() ): Answer {
		if ( ! $this->connection->is_made() ) {
			return new Answer( 0, array(), 'not_connected', __( 'This shop is not connected to a sidecar yet.', 'recado' ) );
		}
		$headers += array(
			'Authorization' => 'Bearer ' . $this->connection->token(),
			'Accept'        => 'application/json',
		);
		if ( null !== $body ) {
			$headers['Content-Type'] = 'application/json';
		}
		$answer = wp_remote_request(
			$this->connection->address() . '/api/v1' . $path,
			array(
				'method'              => $method,
				'timeout'             => self::LIMIT,
				'redirection'         => 0,
				'headers'             => $headers,
				'body'                => null === $body ? null : wp_json_encode( (object) $body ),
				'limit_response_size' => self::LARGEST_ANSWER,
			)
		);
		return self::read( $answer );
	}

	/**
	 * From what WordPress hands back to an answer; whatever came, nothing escapes.
	 *
	 * @param array|\WP_Error $answer Of wp_remote_request.
	 */
	private static function read( $answer ): Answer {
		if ( is_wp_error( $answer ) ) {
			return new Answer( 0, array(), 'unreachable', __( 'The sidecar did not answer.', 'recado' ) );
		}
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$data   = json_decode( wp_remote_retrieve_body( $answer ), true );
		if ( $status >= 200 && $status < 300 && is_array( $data ) ) {
			return new Answer( $status, $data );
		}
		$known = is_array( $data ) && isset( $data['code'], $data['detail'] );
		if ( ! $known ) {
			return new Answer( 0, array(), 'unreachable', __( 'What answered at this address is not a Recado sidecar.', 'recado' ) );
		}
		return new Answer( $status, $data, (string) $data['code'], (string) $data['detail'] );
	}
}
