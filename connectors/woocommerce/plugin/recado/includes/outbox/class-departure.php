<?php
/**
 * The moment at which events leave: when the answer to the shopper has gone out, where the server can do that; else
 * Action Scheduler is asked to.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Departure implements Feature {

	/**
	 * Workers of a shop are few: one that has answered goes on for so many seconds at most.
	 */
	private const SECONDS = 4;

	/**
	 * Settings are heard anew after so many.
	 */
	private const FRESH = 600;

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'shutdown', array( $this, 'leave' ), PHP_INT_MAX );
	}

	/**
	 * Last of all, since nothing that others print after it would arrive.
	 */
	public function leave(): void {
		if ( ! $this->plugin->outbox()->has_news() ) {
			return;
		}
		if ( self::finish_request() || wp_doing_cron() ) {
			$this->plugin->delivery()->run( self::SECONDS );
			$this->freshen();
		} else {
			$this->plugin->delivery()->schedule( time() );
		}
	}

	/**
	 * Now that nobody waits: whoever runs the sidecar may have changed the shop's settings there.
	 */
	private function freshen(): void {
		$is_old = time() - $this->plugin->settings()->heard_at() > self::FRESH;
		if ( $is_old && $this->plugin->delivery()->rests_until() <= time() ) {
			$this->plugin->hearing()->hear();
		}
	}

	/**
	 * Sends the answer and closes the connection; returns whether this server can.
	 */
	private static function finish_request(): bool {
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
			if ( function_exists( $finish ) ) {
				ignore_user_abort( true );
				$finish();
				return true;
			}
		}
		return false;
	}
}
