<?php
/**
 * `wp recado`: for who looks after the shop from a shell.
 *
 * @package Recado
 */

namespace Recado\Cli;

use Recado\Answer;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Commands implements Feature {

	private const SECONDS = 60;

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			// Of a whole object, this very method would be a command, too.
			foreach ( array( 'test', 'status', 'resend' ) as $name ) {
				\WP_CLI::add_command( "recado $name", array( $this, $name ) );
			}
		}
	}

	/**
	 * Sends one text to a number, in every mode, and shows what became of it.
	 *
	 * ## OPTIONS
	 *
	 * <number>
	 * : As written in the shop's country, or with + in front.
	 *
	 * [--template=<key>]
	 * : Which of the approved texts.
	 *
	 * ## EXAMPLES
	 *
	 *     wp recado test "(11) 91234-5678"
	 *     wp recado test +5511912345678 --template=order_shipped
	 *
	 * @param string[]              $args    The number.
	 * @param array<string, string> $options The template.
	 */
	public function test( array $args, array $options ): void {
		$wanted = array( 'to' => (string) $args[0] );
		if ( ! empty( $options['template'] ) ) {
			$wanted['template'] = (string) $options['template'];
		}
		$message = $this->asked( $this->plugin->sidecar()->post( '/test-message', $wanted ) );
		\WP_CLI::log( (string) ( $message['text'] ?? '' ) );
		$message = $this->followed( $message );
		$line    = trim( sprintf( '%s %s', $message['status'] ?? '', $message['explanation'] ?? '' ) );
		if ( in_array( $message['status'] ?? '', array( 'rejected', 'undelivered', 'expired', 'cancelled', 'suppressed' ), true ) ) {
			\WP_CLI::error( $line );
		}
		\WP_CLI::success( $line );
	}

	/**
	 * Shows the connection, and what waits to be told to the sidecar. Fails where something needs a hand.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : How it is shown.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - yaml
	 * ---
	 *
	 * @param string[]              $args    None.
	 * @param array<string, string> $options The format.
	 */
	public function status( array $args, array $options ): void {
		$answer   = $this->plugin->sidecar()->get( '/settings' );
		$standing = $this->plugin->outbox()->standing();
		$resting  = max( 0, $this->plugin->delivery()->rests_until() - time() );
		$rows     = array(
			'sidecar'     => $this->plugin->connection()->address(),
			'connection'  => $answer->is_ok() ? 'ok' : $answer->code,
			'mode'        => $answer->is_ok() ? (int) $answer->data['mode'] : $this->plugin->settings()->mode(),
			'waiting'     => $standing['waiting'],
			'oldest'      => $standing['oldest'] ? gmdate( 'c', $standing['oldest'] ) : '',
			'set aside'   => $standing['dead'],
			'next try in' => $resting ? "$resting s" : '',
		);
		if ( 'table' === ( $options['format'] ?? 'table' ) ) {
			foreach ( $rows as $name => $value ) {
				\WP_CLI::log( str_pad( $name, 13 ) . $value );
			}
		} else {
			\WP_CLI::print_value( $rows, $options );
		}
		if ( ! $answer->is_ok() ) {
			\WP_CLI::error( $answer->sentence );
		}
		if ( $standing['dead'] ) {
			\WP_CLI::error( 'Some events are set aside. `wp recado resend` sends them again.' );
		}
	}

	/**
	 * Sends now what waits for the sidecar, and again what was set aside. Or tells of one order anew: nothing is texted
	 * twice by that.
	 *
	 * ## OPTIONS
	 *
	 * [<order>]
	 * : The id of an order, to be told as it is now.
	 *
	 * ## EXAMPLES
	 *
	 *     wp recado resend
	 *     wp recado resend 1042
	 *
	 * @param string[] $args The order.
	 */
	public function resend( array $args ): void {
		if ( ! $this->plugin->connection()->is_made() ) {
			\WP_CLI::error( 'This shop is not connected to a sidecar yet.' );
		}
		if ( $args ) {
			$this->tell_anew( (string) $args[0] );
		}
		$revived = $this->plugin->outbox()->revive( time() );
		$before  = $this->plugin->outbox()->waiting();
		$this->plugin->delivery()->wake();
		$this->plugin->delivery()->run( self::SECONDS );
		$left = $this->plugin->outbox()->waiting();
		if ( $left ) {
			\WP_CLI::error( sprintf( 'The sidecar did not take all: %d of %d still wait, and are tried again.', $left, $before ) );
		}
		\WP_CLI::success( sprintf( 'The sidecar has taken %d, of which %d had been set aside.', $before, $revived ) );
	}

	private function tell_anew( string $order_id ): void {
		$order = ctype_digit( $order_id ) ? wc_get_order( (int) $order_id ) : null;
		if ( ! \Recado\Events\Order_Payload::is_for_customers( $order ) ) {
			\WP_CLI::error( 'There is no such order, or it is none that customers are texted about.' );
		}
		$phone_key = (string) $this->plugin->settings()->get( 'phone_meta_key', '' );
		$this->plugin->teller()->tell( 'order.updated', \Recado\Events\Order_Payload::of( $order, $phone_key ) );
	}

	/**
	 * Until its fate is known, or for a while.
	 *
	 * @param array $message As it went into the sidecar's outbox.
	 */
	private function followed( array $message ): array {
		$until = time() + 15;
		while ( in_array( $message['status'] ?? '', array( 'queued', 'sending', 'accepted', 'sent' ), true ) && time() < $until ) {
			sleep( 1 );
			$answer  = $this->plugin->sidecar()->get( '/messages/' . rawurlencode( (string) $message['id'] ) );
			$message = $answer->is_ok() ? $answer->data : $message;
		}
		return $message;
	}

	private function asked( Answer $answer ): array {
		if ( ! $answer->is_ok() ) {
			$fields = $answer->errors();
			\WP_CLI::error( $fields ? implode( ' ', $fields ) : $answer->sentence );
		}
		return $answer->data;
	}
}
