<?php
/**
 * Leaves the shop as it was found.
 *
 * @package Recado
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

// One site, of which a network has many.
$recado_leave = static function (): void {
	global $wpdb;
	// phpcs:ignore WordPress.DB
	$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}recado_outbox" );
	// phpcs:ignore WordPress.DB
	$options = $wpdb->get_col(
		$wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( 'recado_' ) . '%' )
	);
	array_map( 'delete_option', $options );
	foreach ( array( '_transient_recado_', '_transient_timeout_recado_' ) as $recado_begin ) {
		// phpcs:ignore WordPress.DB
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( $recado_begin ) . '%' ) );
	}
	foreach ( array( '_recado_proven_number', '_recado_code', 'recado_mobile', '_wc_other/recado/mobile' ) as $recado_key ) {
		delete_metadata( 'user', 0, $recado_key, '', true );
	}
	foreach ( array( 'recado_sweep', 'recado_deliver', 'recado_books' ) as $recado_hook ) {
		wp_clear_scheduled_hook( $recado_hook );
	}
	if ( function_exists( 'as_unschedule_all_actions' ) ) {
		as_unschedule_all_actions( 'recado_deliver', array(), 'recado' );
	}
};

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $recado_site ) { // phpcs:ignore WordPress.Arrays
		switch_to_blog( $recado_site );
		$recado_leave();
		restore_current_blog();
	}
} else {
	$recado_leave();
}
