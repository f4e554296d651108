<?php
/** Runs PHP inside a shop: `php eval.php FOLDER CODE`; what the code returns is printed as JSON. */

if ( 'cli' !== PHP_SAPI ) {
	exit( 1 );
}
$_SERVER['HTTP_HOST']      = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user( 1 );
echo "\n", json_encode( eval( $argv[2] ) ), "\n";
