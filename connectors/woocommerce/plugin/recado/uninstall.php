<?php
/**
 * Leaves the shop as it was found.
 *
 * @package Recado
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

global $wpdb;

// phpcs:ignore WordPress.DB
$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}recado_outbox" );
// phpcs:ignore WordPress.DB
$recado_options = $wpdb->get_col(
	$wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( 'recado_' ) . '%' )
);
array_map( 'delete_option', $recado_options );
wp_clear_scheduled_hook( 'recado_sweep' );
wp_clear_scheduled_hook( 'recado_deliver' );
if ( function_exists( 'as_unschedule_all_actions' ) ) {
	as_unschedule_all_actions( 'recado_deliver', array(), 'recado' );
}
