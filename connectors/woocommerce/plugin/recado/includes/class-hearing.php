<?php
/**
 * Asking the sidecar how the shop stands, telling it what only the shop knows, and remembering the answer.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Hearing {

	private Sidecar $sidecar;
	private Connection $connection;
	private Settings $settings;

	public function __construct( Sidecar $sidecar, Connection $connection, Settings $settings ) {
		$this->sidecar    = $sidecar;
		$this->connection = $connection;
		$this->settings   = $settings;
	}

	/**
	 * Connects the shop by the code its owner pasted in. What was there before stays until the new one has answered.
	 *
	 * @param string $code Of `recado shop add`.
	 */
	public function connect( string $code ): Answer {
		$read = Connection::read_code( $code );
		if ( null === $read ) {
			$sentence = __( 'This is no connection code. It begins with https:// and has a # in it: copy all of it.', 'recado' );
			return new Answer( 422, array(), 'bad_code', $sentence );
		}
		$before = $this->connection->all();
		$this->connection->save(
			array(
				'address' => $read[0],
				'token'   => $read[1],
			)
		);
		$answer = $this->sidecar->post( '/connection', array() );
		if ( ! $answer->is_ok() ) {
			$this->connection->save( $before );
			return $answer;
		}
		$this->connection->save(
			array(
				'address'       => $read[0],
				'token'         => $read[1],
				'shop_id'       => $answer->data['shop_id'],
				'events_secret' => $answer->data['events_secret'],
			)
		);
		$this->keep( $answer );
		$this->save( First_Guesses::about( $this->settings->all() ) );
		return $answer;
	}

	/**
	 * Hears anew how the shop stands.
	 */
	public function hear(): Answer {
		$answer = $this->sidecar->get( '/shop' );
		if ( $answer->is_ok() ) {
			$this->keep( $answer );
		}
		return $answer;
	}

	/**
	 * Saves settings in the sidecar, with what it should know of the shop; nothing is saved here unless it says so.
	 *
	 * @param array<string, mixed> $changes By the sidecar's names.
	 */
	public function save( array $changes ): Answer {
		$answer = $this->sidecar->patch( '/settings', $changes + self::facts() );
		if ( $answer->is_ok() ) {
			$this->settings->keep( $answer->data, $this->settings->shop() );
		}
		return $answer;
	}

	/**
	 * Tells what has changed in the shop since the sidecar was last heard.
	 */
	public function tell_facts(): void {
		if ( $this->connection->is_made() && array_diff_assoc( self::facts(), $this->settings->all() ) ) {
			$this->save( array() );
		}
	}

	/**
	 * What only the shop knows.
	 *
	 * @return array<string, bool>
	 */
	private static function facts(): array {
		return array( 'stock_managed' => 'yes' === get_option( 'woocommerce_manage_stock' ) );
	}

	private function keep( Answer $answer ): void {
		$shop = $answer->data;
		unset( $shop['settings'], $shop['events_secret'], $shop['feeds'] );
		$this->settings->keep( (array) ( $answer->data['settings'] ?? array() ), $shop );
	}
}
