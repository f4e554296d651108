<?php
/**
 * For the bench: served as if the plugin were not installed, where the request asks for it; nothing else differs
 * within a pair. What a checkout cost the processor is written down before its answer goes out.
 */

$without = isset( $_SERVER['HTTP_X_WITHOUT_RECADO'] );
if ( $without ) {
	add_filter(
		'option_active_plugins',
		static fn( $all ) => array_values( array_diff( $all, array( 'recado/recado.php' ) ) )
	);
}

if ( strpos( $_SERVER['REQUEST_URI'] ?? '', '/wc/store/v1/checkout' ) ) {
	$used = static function () {
		$usage   = getrusage();
		$seconds = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'];
		return $seconds + ( $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'] ) / 1e6;
	};

	$before = $used();
	$note   = static function () use ( $used, $before, $without ) {
		$line = ( $without ? 'off ' : 'on ' ) . ( $used() - $before ) . "\n";
		file_put_contents( dirname( ABSPATH ) . '/cpu.log', $line, FILE_APPEND );
	};
	add_action( 'shutdown', $note, PHP_INT_MAX - 1 );
}
