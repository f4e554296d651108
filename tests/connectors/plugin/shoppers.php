<?php
/**
 * What the shop's own pages ask of WordPress and WooCommerce.
 */

declare( strict_types=1 );

final class Shopping {
	public static int $user          = 0;
	public static array $meta        = array();
	public static array $session     = array();
	public static string $cart_total = '59.90';
	public static array $shell       = array();

	public static function begin(): void {
		self::$user       = 0;
		self::$meta       = array();
		self::$session    = array();
		self::$cart_total = '59.90';
		self::$shell      = array();
		$_POST            = array();
		$_SERVER['REMOTE_ADDR'] = '203.0.113.7';
		unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
	}
}

/**
 * WooCommerce's session, cart and countries in one.
 */
final class Woo {
	public $session;
	public $cart;
	public $countries;
	public function __construct() {
		$this->session   = $this;
		$this->cart      = $this;
		$this->countries = $this;
	}
	public function get_customer_id(): string {
		return 't_1234';
	}
	public function get_total( string $context ): string {
		return Shopping::$cart_total;
	}
	public function get_base_country(): string {
		return 'BR';
	}
}

function WC(): Woo {
	static $woo = null;
	$woo        = $woo ?? new Woo();
	return $woo;
}

final class WP_User {
	public int $ID;
	public function __construct( int $id ) {
		$this->ID = $id;
	}
}

final class WP_CLI {
	public static function log( string $line ): void {
		Shopping::$shell[] = $line;
	}
	public static function success( string $line ): void {
		Shopping::$shell[] = "Success: $line";
	}
	public static function error( string $line ): void {
		Shopping::$shell[] = "Error: $line";
		throw new DomainException( $line );
	}
}

function apply_filters( string $hook, $value, ...$more ) {
	foreach ( World::$hooks[ $hook ] ?? array() as list( $act, , $takes ) ) {
		$value = $act( ...array_slice( array_merge( array( $value ), $more ), 0, $takes ) );
	}
	return $value;
}
function wp_unslash( $value ) {
	return $value;
}
function wp_hash( string $data ): string {
	return hash_hmac( 'md5', $data, World::$salt );
}
function get_transient( string $key ) {
	return Shopping::$session[ $key ] ?? false;
}
function set_transient( string $key, $value, int $seconds ): void {
	Shopping::$session[ $key ] = $value;
}
function delete_transient( string $key ): void {
	unset( Shopping::$session[ $key ] );
}
function determine_locale(): string {
	return 'pt_BR';
}
function switch_to_locale( string $locale ): bool {
	return true;
}
function restore_previous_locale(): void {
}
function home_url(): string {
	return 'https://loja.example';
}
function get_current_user_id(): int {
	return Shopping::$user;
}
function is_user_logged_in(): bool {
	return Shopping::$user > 0;
}
function get_user_meta( int $id, string $key, bool $single ) {
	return Shopping::$meta[ $id ][ $key ] ?? '';
}
function update_user_meta( int $id, string $key, $value ): void {
	Shopping::$meta[ $id ][ $key ] = $value;
}
function delete_user_meta( int $id, string $key ): void {
	unset( Shopping::$meta[ $id ][ $key ] );
}
function get_user_by( string $by, string $email ) {
	return 'ana@loja.example' === $email ? new WP_User( 2 ) : false;
}
function is_email( string $email ): bool {
	return false !== strpos( $email, '@' );
}
function wp_specialchars_decode( string $text, int $quotes ): string {
	return html_entity_decode( $text, $quotes );
}
function esc_html( string $text ): string {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_attr( string $text ): string {
	return esc_html( $text );
}
function esc_html_e( string $text, string $domain ): void {
	echo esc_html( $text );
}
function esc_attr_e( string $text, string $domain ): void {
	echo esc_html( $text );
}
function wc_get_is_paid_statuses(): array {
	return array( 'processing', 'completed' );
}
function wc_get_orders( array $query ): array {
	$wanted = array_intersect_key( $query, array_flip( array( 'customer_id', 'billing_email', 'billing_phone' ) ) );
	$found  = array();
	foreach ( World::$orders as $order ) {
		$fits = in_array( $order->get_status(), (array) ( $query['status'] ?? $order->get_status() ), true );
		foreach ( $wanted as $field => $value ) {
			$get  = 'get_' . $field;
			$fits = $fits && $order->$get() === $value;
		}
		foreach ( (array) ( $query['customer'] ?? array() ) as $who ) {
			$named[] = $order->get_billing_email() === $who || $order->get_customer_id() === $who;
		}
		if ( $fits && ( ! isset( $query['customer'] ) || in_array( true, array_splice( $named, 0 ), true ) ) ) {
			$found[] = $order;
		}
	}
	return $found;
}
