<?php
/**
 * Tools > Site Health: whether events reach the sidecar, as far as the shop itself can tell. Calls nobody.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Site_Health implements Feature {

	/**
	 * An event that waits for longer than so many seconds is worth a look.
	 */
	private const LATE = 900;

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'add_test' ) );
		add_filter( 'debug_information', array( $this, 'add_facts' ) );
	}

	public function add_test( array $tests ): array {
		$tests['direct']['recado'] = array(
			'label' => __( 'Order texts', 'recado' ),
			'test'  => array( $this, 'test' ),
		);
		return $tests;
	}

	public function test(): array {
		list( $status, $label, $line ) = $this->finding( time() );
		return array(
			'test'        => 'recado',
			'label'       => $label,
			'status'      => $status,
			'description' => '<p>' . esc_html( $line ) . '</p>',
			'actions'     => sprintf( '<a href="%s">%s</a>', esc_url( Settings_Tab::address() ), esc_html__( 'SMS settings', 'recado' ) ),
			'badge'       => array(
				'label' => 'SMS',
				'color' => 'blue',
			),
		);
	}

	/**
	 * Status, title and a line saying what to do.
	 *
	 * @param int $now Seconds since 1970.
	 * @return array{0: string, 1: string, 2: string}
	 */
	public function finding( int $now ): array {
		if ( ! $this->plugin->connection()->is_made() ) {
			if ( $this->plugin->settings()->is_connected() ) {
				return array( 'critical', __( 'Order texts have lost their connection', 'recado' ), __( 'The keys in wp-config.php have changed, so the stored connection can no longer be read. Connect the shop again with a new code.', 'recado' ) );
			}
			return array( 'recommended', __( 'Order texts are not connected', 'recado' ), __( 'This shop is not connected to a sidecar yet.', 'recado' ) );
		}
		$standing = $this->plugin->outbox()->standing();
		if ( $standing['dead'] ) {
			/* translators: %d: number of events */
			return array( 'critical', __( 'Some events never reached the sidecar', 'recado' ), sprintf( _n( '%d event was set aside. See WooCommerce > Status > Logs, source recado, and tell it again from the SMS settings.', '%d events were set aside. See WooCommerce > Status > Logs, source recado, and tell them again from the SMS settings.', $standing['dead'], 'recado' ), $standing['dead'] ) );
		}
		if ( $standing['oldest'] && $now - $standing['oldest'] > self::LATE ) {
			/* translators: 1: number of events, 2: a time such as "2 hours" */
			return array( 'critical', __( 'Events are not reaching the sidecar', 'recado' ), sprintf( __( '%1$d events wait, the oldest for %2$s. Nothing is lost; texts leave once the sidecar takes them. Is its address reachable from this server?', 'recado' ), $standing['waiting'], human_time_diff( $standing['oldest'], $now ) ) );
		}
		return array( 'good', __( 'Order texts reach the sidecar', 'recado' ), __( 'All that happened in the shop has been told.', 'recado' ) );
	}

	/**
	 * For whoever is asked for help: no secrets, no numbers.
	 *
	 * @param array $facts Of all of the site.
	 */
	public function add_facts( array $facts ): array {
		$standing        = $this->plugin->outbox()->standing();
		$facts['recado'] = array(
			'label'  => 'Recado',
			'fields' => array(
				'version' => array(
					'label' => __( 'Version', 'recado' ),
					'value' => RECADO_VERSION,
				),
				'address' => array(
					'label' => __( 'Sidecar', 'recado' ),
					'value' => $this->plugin->connection()->address(),
				),
				'outbox'  => array(
					'label' => __( 'Outbox', 'recado' ),
					'value' => sprintf( '%d / %d', $standing['waiting'], $standing['dead'] ),
				),
				'leaves'  => array(
					'label' => __( 'Events leave', 'recado' ),
					'value' => function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' )
						? __( 'after the page has gone out', 'recado' )
						: __( 'by Action Scheduler', 'recado' ),
				),
			),
		);
		return $facts;
	}
}
