<?php
/**
 * Carries the outbox to the sidecar, where nobody waits for it: after an answer has gone out, from the queue, by
 * WP-Cron. Action Scheduler repeats nothing by itself, so what failed is put on its list anew.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Connection;
use Recado\Log;

defined( 'ABSPATH' ) || exit;

final class Delivery {

	public const ACTION = 'recado_deliver';

	/**
	 * Failures in a row, and the moment until which nothing is tried: so that no worker of a shop hangs on a sidecar
	 * that is away.
	 */
	public const REST_OPTION = 'recado_rest';

	private const TIMEOUT = 3;
	private const CLAIM   = 30;
	private const RESTS   = array( 5, 15, 30, 60, 120, 300 );
	private const WAITS   = array( 10, 30, 60, 120, 300, 600, 1800, 3600 );
	private const PATIENT = 7 * 86400;

	/**
	 * What the sidecar answers to an event that it will never take. All else may be mended.
	 */
	private const HOPELESS = array( 400, 413, 415, 422 );

	private Outbox $outbox;
	private Connection $connection;
	private Log $log;

	public function __construct( Outbox $outbox, Connection $connection, Log $log ) {
		$this->outbox     = $outbox;
		$this->connection = $connection;
		$this->log        = $log;
	}

	/**
	 * Sends what is due, oldest first, until it is all gone, one fails, or the time is up.
	 *
	 * @param int $seconds For how long at most.
	 */
	public function run( int $seconds ): void {
		if ( ! $this->connection->is_made() || $this->rests_until() > time() ) {
			return;
		}
		$end = time() + $seconds;
		do {
			$rows = $this->outbox->due( 20, time() );
			foreach ( $rows as $row ) {
				if ( ! $this->deliver( $row ) ) {
					return;
				}
				if ( time() >= $end ) {
					$this->schedule( time() );
					return;
				}
			}
		} while ( $rows );
	}

	/**
	 * Puts the next run on Action Scheduler's list, once.
	 *
	 * @param int $at Seconds since 1970.
	 */
	public function schedule( int $at ): void {
		if ( ! function_exists( 'as_schedule_single_action' ) ) {
			wp_schedule_single_event( $at, self::ACTION );
		} elseif ( ! self::is_scheduled() ) {
			as_schedule_single_action( $at, self::ACTION, array(), 'recado' );
		}
	}

	/**
	 * Pending only: a run that is under way is perhaps our own.
	 */
	private static function is_scheduled(): bool {
		$pending = array(
			'hook'     => self::ACTION,
			'group'    => 'recado',
			'status'   => \ActionScheduler_Store::STATUS_PENDING,
			'per_page' => 1,
		);
		return (bool) as_get_scheduled_actions( $pending, 'ids' );
	}

	public function rests_until(): int {
		return (int) ( $this->rest()['until'] ?? 0 );
	}

	/**
	 * Forgets earlier failures: the connection has been made anew.
	 */
	public function wake(): void {
		delete_option( self::REST_OPTION );
	}

	/**
	 * Sends one row; returns whether it makes sense to go on to the next.
	 *
	 * @param object $row Of the outbox.
	 */
	private function deliver( object $row ): bool {
		if ( ! $this->outbox->claim( (int) $row->id, time(), time() + self::CLAIM ) ) {
			return true;
		}
		$answer = $this->post( $row );
		$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
		if ( $status >= 200 && $status < 300 ) {
			$this->outbox->mark_delivered( array( $row->event_id ), time() );
			$this->note_success();
			return true;
		}
		if ( in_array( $status, self::HOPELESS, true ) ) {
			$this->give_up( $row, "refused with HTTP $status" );
			return true;
		}
		$this->put_off( $row, $status ? "HTTP $status" : 'no answer' );
		return false;
	}

	/**
	 * Posts a row as Standard Webhooks says.
	 *
	 * @param object $row Of the outbox.
	 * @return array|\WP_Error
	 */
	private function post( object $row ) {
		$signed = Signature::headers( $row->event_id, time(), $row->body, $this->connection->events_secret() );
		return wp_remote_post(
			$this->connection->address() . '/hooks/events/' . rawurlencode( $this->connection->shop_id() ),
			array(
				'timeout'             => self::TIMEOUT,
				'redirection'         => 0,
				'headers'             => $signed + array( 'Content-Type' => 'application/json' ),
				'body'                => $row->body,
				'limit_response_size' => 65536,
			)
		);
	}

	private function put_off( object $row, string $problem ): void {
		$attempts = (int) $row->attempts + 1;
		if ( time() - (int) $row->created_at > self::PATIENT ) {
			$this->give_up( $row, "$problem for seven days" );
		} else {
			$this->outbox->try_again( (int) $row->id, time() + self::step( self::WAITS, $attempts ), $problem );
		}
		$failures = (int) ( $this->rest()['failures'] ?? 0 ) + 1;
		$until    = time() + self::step( self::RESTS, $failures );
		update_option( self::REST_OPTION, compact( 'failures', 'until' ), false );
		$this->schedule( $until );
		$this->log->warning( "The sidecar did not take event {$row->event_id} ($problem, try $attempts); it stays here and is tried again." );
	}

	private function give_up( object $row, string $problem ): void {
		$this->outbox->give_up( (int) $row->id, time(), $problem );
		$this->log->error( "Event {$row->event_id} is set aside: $problem. WooCommerce > Settings > SMS can send it again." );
	}

	private function note_success(): void {
		if ( $this->rest() ) {
			$this->wake();
		}
	}

	private function rest(): array {
		return (array) get_option( self::REST_OPTION, array() );
	}

	/**
	 * The n-th of growing steps; the last one for all that follow.
	 *
	 * @param int[] $steps Seconds.
	 * @param int   $n     From 1.
	 */
	private static function step( array $steps, int $n ): int {
		return $steps[ min( $n, count( $steps ) ) - 1 ];
	}
}
