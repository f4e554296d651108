<?php
/**
 * What keeps the outbox moving and small: runs from Action Scheduler and, should that stand still, from WP-Cron.
 *
 * @package Recado
 */

namespace Recado\Outbox;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Upkeep implements Feature {

	private const SWEEP   = 'recado_sweep';
	private const SECONDS = 20;

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( Delivery::ACTION, array( $this, 'deliver' ) );
		add_action( self::SWEEP, array( $this, 'sweep' ) );
		add_action( 'admin_init', array( $this, 'schedule' ) );
		add_action( 'update_option_woocommerce_manage_stock', array( $this, 'sweep_soon' ) );
	}

	public function schedule(): void {
		if ( ! wp_next_scheduled( self::SWEEP ) ) {
			wp_schedule_event( time(), 'hourly', self::SWEEP );
		}
	}

	public static function unschedule(): void {
		wp_clear_scheduled_hook( self::SWEEP );
		wp_clear_scheduled_hook( Delivery::ACTION );
		wp_clear_scheduled_hook( Books::ACTION );
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( Delivery::ACTION, array(), 'recado' );
		}
	}

	public function deliver(): void {
		$this->plugin->delivery()->run( self::SECONDS );
	}

	public function sweep(): void {
		$rounds = 0;
		while ( $this->plugin->outbox()->prune( time() ) && $rounds < 20 ) {
			++$rounds;
		}
		$this->deliver();
		if ( $this->plugin->hearing()->hear()->is_ok() ) {
			$this->plugin->hearing()->tell_facts();
		}
	}

	/**
	 * The sidecar has to know; whoever changed the option need not wait for it.
	 */
	public function sweep_soon(): void {
		wp_schedule_single_event( time(), self::SWEEP );
	}
}
