<?php
/**
 * Lays a shop, one step a process: `php lay.php install|activate|furnish ARGUMENTS`, the WordPress folder first.
 * Prints one line of JSON.
 */

if ( 'cli' !== PHP_SAPI ) {
	exit( 1 );
}
list( , $folder, $step, $given ) = $argv;
$given = json_decode( $given, true );
if ( 'install' === $step ) {
	define( 'WP_INSTALLING', true );
}
$_SERVER['HTTP_HOST']       = $given['host'] ?? '127.0.0.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

/** WordPress itself: tables, one administrator, permalinks. */
function install( array $given ): array {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_install( $given['title'], $given['admin'], 'owner@shop.example', true, '', $given['password'], $given['locale'] );
	update_option( 'WPLANG', 'en_US' === $given['locale'] ? '' : $given['locale'] );
	update_option( 'timezone_string', $given['timezone'] );
	update_option( 'permalink_structure', '/%postname%/' );
	return array();
}

function activate( array $given ): array {
	wp_set_current_user( 1 );
	$failed = activate_plugin( $given['plugin'] );
	return array( 'error' => is_wp_error( $failed ) ? $failed->get_error_message() : '' );
}

/** A shop that sells: country, money, payments, goods, pages, people, keys. */
function furnish( array $given ): array {
	wp_set_current_user( 1 );
	WC_Install::newly_installed();
	update_option( 'woocommerce_custom_orders_table_enabled', $given['hpos'] ? 'yes' : 'no' );
	options( $given['options'] );
	shipping();
	$goods = goods();
	$pages = pages();
	$keys  = keys();
	$ana   = customer();
	flush_rewrite_rules();
	return array(
		'hpos'     => $given['hpos'],
		'goods'    => $goods,
		'pages'    => $pages,
		'keys'     => $keys,
		'customer' => $ana,
		'versions' => array(
			'WordPress'   => get_bloginfo( 'version' ),
			'WooCommerce' => WC()->version,
			'PHP'         => PHP_VERSION,
			'MariaDB'     => $GLOBALS['wpdb']->db_server_info(),
		),
	);
}

function options( array $given ): void {
	$paid = array( 'enabled' => 'yes' );
	update_option( 'woocommerce_cod_settings', $paid + array( 'title' => 'Cash on delivery' ) );
	update_option( 'woocommerce_bacs_settings', $paid + array( 'title' => 'Bank transfer' ) );
	update_option( 'woocommerce_onboarding_profile', array( 'skipped' => true, 'completed' => true ) );
	foreach ( $given as $name => $value ) {
		update_option( $name, $value );
	}
}

function shipping(): void {
	$zone = new WC_Shipping_Zone( 0 );
	$zone->add_shipping_method( 'free_shipping' );
}

function goods(): array {
	$simple = new WC_Product_Simple();
	$simple->set_props( array( 'name' => 'Camiseta', 'regular_price' => '59.90' ) );
	$counted = new WC_Product_Simple();
	$counted->set_props( array( 'name' => 'Caneca', 'regular_price' => '29.90' ) );
	$counted->set_manage_stock( true );
	$counted->set_stock_quantity( 20 );
	$virtual = new WC_Product_Simple();
	$virtual->set_props( array( 'name' => 'Vale-presente', 'regular_price' => '100', 'virtual' => true ) );
	return array(
		'simple'   => $simple->save(),
		'counted'  => $counted->save(),
		'virtual'  => $virtual->save(),
		'variable' => variable( 'Tênis Corrida', array( '39' => 3, '40' => 2, '41' => 1 ) ),
	);
}

function variable( string $name, array $stock ): array {
	$size = new WC_Product_Attribute();
	$size->set_name( 'Tamanho' );
	$size->set_options( array_map( 'strval', array_keys( $stock ) ) );
	$size->set_visible( true );
	$size->set_variation( true );
	$product = new WC_Product_Variable();
	$product->set_name( $name );
	$product->set_attributes( array( $size ) );
	$made = array( 'id' => $product->save(), 'variations' => array() );
	foreach ( $stock as $value => $quantity ) {
		$variation = new WC_Product_Variation();
		$variation->set_parent_id( $made['id'] );
		$variation->set_attributes( array( 'tamanho' => (string) $value ) );
		$variation->set_regular_price( '299.90' );
		$variation->set_manage_stock( true );
		$variation->set_stock_quantity( $quantity );
		$made['variations'][ $value ] = $variation->save();
	}
	WC_Product_Variable::sync( $made['id'] );
	return $made;
}

/** The checkout of new shops is made of blocks; beside it stands one of the older kind. */
function pages(): array {
	$classic = wp_insert_post(
		array(
			'post_type'    => 'page',
			'post_status'  => 'publish',
			'post_title'   => 'Classic checkout',
			'post_name'    => 'classic-checkout',
			'post_content' => '<!-- wp:shortcode -->[woocommerce_checkout]<!-- /wp:shortcode -->',
		)
	);
	return array(
		'shop'             => wc_get_page_permalink( 'shop' ),
		'block_checkout'   => wc_get_page_permalink( 'checkout' ),
		'classic_checkout' => get_permalink( $classic ),
		'my_account'       => wc_get_page_permalink( 'myaccount' ),
	);
}

function keys(): array {
	global $wpdb;
	$key    = 'ck_' . wc_rand_hash();
	$secret = 'cs_' . wc_rand_hash();
	$wpdb->insert(
		$wpdb->prefix . 'woocommerce_api_keys',
		array(
			'user_id'         => 1,
			'description'     => 'Recado',
			'permissions'     => 'read_write',
			'consumer_key'    => wc_api_hash( $key ),
			'consumer_secret' => $secret,
			'truncated_key'   => substr( $key, -7 ),
		)
	);
	return array( 'consumer_key' => $key, 'consumer_secret' => $secret );
}

function customer(): array {
	$id = wc_create_new_customer( 'ana@shop.example', 'ana', 'ana-password' );
	$ana = new WC_Customer( $id );
	$ana->set_props( array( 'first_name' => 'Ana', 'last_name' => 'Souza' ) );
	$ana->set_billing_country( 'BR' );
	$ana->set_billing_phone( '(11) 98765-4321' );
	$ana->save();
	return array( 'id' => $id, 'user' => 'ana', 'password' => 'ana-password' );
}

echo json_encode( $step( $given ) ), "\n";
