<?php
/**
 * Writes into the shop's books what customers answered by text: the sidecar keeps it as tasks until it is done. Runs
 * from WP-Cron once a minute, where nobody waits.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Books implements Feature {

	public const ACTION = 'recado_books';

	private const INTERVAL = 'recado_minute';

	/**
	 * Where a shop has brought an order to its end, no answer of the customer's takes it back.
	 */
	private const PAST = array( 'completed', 'cancelled', 'refunded', 'failed', 'trash' );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'cron_schedules', array( $this, 'know_minutes' ) );
		add_action( 'admin_init', array( $this, 'schedule' ) );
		add_action( self::ACTION, array( $this, 'write' ) );
	}

	public function know_minutes( array $schedules ): array {
		return $schedules + array(
			self::INTERVAL => array(
				'interval' => 60,
				'display'  => 'Recado',
			),
		);
	}

	public function schedule(): void {
		if ( ! wp_next_scheduled( self::ACTION ) ) {
			wp_schedule_event( time(), self::INTERVAL, self::ACTION );
		}
	}

	public function write(): void {
		if ( ! $this->plugin->connection()->is_made() || $this->plugin->delivery()->rests_until() > time() ) {
			return;
		}
		$answer = $this->plugin->sidecar()->get( '/tasks', array( 'limit' => 20 ) );
		foreach ( $answer->is_ok() ? (array) ( $answer->data['tasks'] ?? array() ) : array() as $task ) {
			if ( ! $this->close( (string) $task['id'], $this->carry_out( $task ) ) ) {
				return;
			}
		}
	}

	/**
	 * Why it could not be done, or nothing.
	 *
	 * @param array $task As the sidecar tells it.
	 */
	private function carry_out( array $task ): string {
		$order = wc_get_order( (int) ( $task['order_id'] ?? 0 ) );
		if ( ! $order instanceof \WC_Order ) {
			return 'there is no such order';
		}
		if ( $this->is_noted( $order, (string) $task['id'] ) ) {
			return '';
		}
		$status = (string) ( $task['data']['status'] ?? '' );
		if ( $status && $status !== $order->get_status() && ! in_array( $order->get_status(), self::PAST, true ) ) {
			$order->update_status( $status );
		}
		// A comment shows nowhere, and tells this note from others in the same words. Where it is, all has been done.
		$order->add_order_note( (string) ( $task['data']['note'] ?? '' ) . "<!-- {$task['id']} -->" );
		return '';
	}

	/**
	 * Whoever had it before, the sidecar or we, may have died between doing it and saying so.
	 *
	 * @param \WC_Order $order Whose.
	 * @param string    $mark  The task's id.
	 */
	private function is_noted( \WC_Order $order, string $mark ): bool {
		foreach ( wc_get_order_notes( array( 'order_id' => $order->get_id() ) ) as $note ) {
			if ( false !== strpos( (string) $note->content, $mark ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tells the sidecar; false where it is away, and the rest may wait.
	 *
	 * @param string $id      Of the task.
	 * @param string $problem Why it was not done, or nothing.
	 */
	private function close( string $id, string $problem ): bool {
		$path = '/tasks/' . rawurlencode( $id );
		$told = $problem
			? $this->plugin->sidecar()->post( "$path/failed", array( 'reason' => $problem ) )
			: $this->plugin->sidecar()->post( "$path/done", array() );
		return ! $told->is_unreachable();
	}
}
