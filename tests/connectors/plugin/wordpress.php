<?php
/**
 * What a test sees of the world around the plugin, and WordPress's functions on top of it.
 */

declare( strict_types=1 );

final class World {
	public static int $now          = 1764000000;
	public static array $options    = array();
	public static array $autoloaded = array();
	public static array $hooks      = array();
	public static array $calls      = array();
	public static array $answers    = array();
	public static array $queue      = array();
	public static array $routes     = array();
	public static array $logged     = array();
	public static array $orders     = array();
	public static array $comments   = array();
	public static array $products   = array();
	public static bool $cron        = false;
	public static int $flushed      = 0;
	public static string $salt      = 'salt';

	public static function reset(): void {
		self::$now = 1764000000;
		foreach ( array( 'options', 'autoloaded', 'hooks', 'calls', 'answers', 'queue', 'routes', 'logged', 'orders', 'comments', 'products' ) as $name ) {
			self::$$name = array();
		}
		self::$cron    = false;
		self::$flushed = 0;
		self::$salt    = 'salt';
	}

	/**
	 * The sidecar will answer so; once nothing is left, it answers nothing at all.
	 */
	public static function answer( int $status, $body = '{}' ): void {
		self::$answers[] = array(
			'status' => $status,
			'body'   => is_array( $body ) ? (string) json_encode( $body ) : $body,
		);
	}

	public static function fire( string $hook, ...$given ): void {
		$hung = self::$hooks[ $hook ] ?? array();
		usort( $hung, static fn( $a, $b ) => $a[1] <=> $b[1] );
		foreach ( $hung as list( $act, , $takes ) ) {
			$act( ...array_slice( $given, 0, $takes ) );
		}
	}
}

final class WP_Error {
	public string $code;
	public array $data;
	public array $messages = array();
	public function __construct( string $code = '', string $message = '', array $data = array() ) {
		$this->code = $code;
		$this->data = $data;
		if ( $message ) {
			$this->add( $code, $message );
		}
	}
	public function add( string $code, string $message ): void {
		$this->messages[ $code ] = $message;
	}
}

final class WP_REST_Request implements ArrayAccess {
	private array $headers;
	private string $body;
	public function __construct( array $headers, string $body ) {
		$this->headers = $headers;
		$this->body    = $body;
	}
	public function get_header( string $name ): ?string {
		return $this->headers[ $name ] ?? null;
	}
	public function get_body(): string {
		return $this->body;
	}
	public function get_method(): string {
		return $this->headers['method'] ?? 'POST';
	}
	public function offsetExists( $name ): bool {
		return isset( json_decode( $this->body, true )[ $name ] );
	}
	#[ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return json_decode( $this->body, true )[ $name ] ?? null;
	}
	public function offsetSet( $name, $value ): void {
	}
	public function offsetUnset( $name ): void {
	}
}

final class WP_REST_Response {
	public array $data;
	public int $status;
	public function __construct( array $data, int $status = 200 ) {
		$this->data   = $data;
		$this->status = $status;
	}
	public function header( string $name, string $value ): void {
	}
}

final class ActionScheduler_Store {
	public const STATUS_PENDING = 'pending';
}

function __( string $text, string $domain ): string {
	return $text;
}
function _n( string $one, string $many, int $number, string $domain ): string {
	return 1 === $number ? $one : $many;
}
function add_action( string $hook, callable $act, int $priority = 10, int $takes = 1 ): void {
	World::$hooks[ $hook ][] = array( $act, $priority, $takes );
}
function add_filter( string $hook, callable $act, int $priority = 10, int $takes = 1 ): void {
	add_action( $hook, $act, $priority, $takes );
}
function flush_rewrite_rules( bool $hard = true ): void {
	++World::$flushed;
}
function get_option( string $name, $fallback = false ) {
	return World::$options[ $name ] ?? $fallback;
}
function update_option( string $name, $value, $autoload = null ): void {
	World::$options[ $name ]    = $value;
	World::$autoloaded[ $name ] = $autoload;
}
function add_option( string $name, $value, string $_unused, bool $autoload ): void {
	if ( ! isset( World::$options[ $name ] ) ) {
		update_option( $name, $value, $autoload );
	}
}
function delete_option( string $name ): void {
	unset( World::$options[ $name ] );
}
function wp_salt( string $kind ): string {
	return World::$salt . $kind;
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}
function wp_parse_url( string $url, int $part ) {
	return parse_url( $url, $part );
}
function wp_remote_request( string $url, array $arguments ) {
	World::$calls[] = array( 'url' => $url ) + $arguments;
	return array_shift( World::$answers ) ?? new WP_Error( 'http_request_failed' );
}
function wp_remote_post( string $url, array $arguments ) {
	return wp_remote_request( $url, array( 'method' => 'POST' ) + $arguments );
}
function is_wp_error( $thing ): bool {
	return $thing instanceof WP_Error;
}
function wp_remote_retrieve_response_code( array $answer ): int {
	return $answer['status'];
}
function wp_remote_retrieve_body( array $answer ): string {
	return $answer['body'];
}
function as_schedule_single_action( int $at, string $hook, array $arguments, string $group ): void {
	World::$queue[] = array( $hook, $at );
}
function as_get_scheduled_actions( array $wanted, string $form ): array {
	return array_filter( World::$queue, static fn( $action ) => $action[0] === $wanted['hook'] );
}
function wp_doing_cron(): bool {
	return World::$cron;
}
function register_rest_route( string $space, string $route, array $what ): void {
	World::$routes[ $space . $route ] = $what;
}
function wp_strip_all_tags( string $text ): string {
	return trim( strip_tags( $text ) );
}
function sanitize_text_field( string $text ): string {
	return trim( strip_tags( $text ) );
}
function sanitize_key( string $key ): string {
	return (string) preg_replace( '/[^a-z0-9_\-]/', '', strtolower( $key ) );
}
function get_comment( int $id ) {
	return World::$comments[ $id ] ?? null;
}
function get_comment_meta( int $id, string $key, bool $single ) {
	return World::$comments[ $id ]->$key ?? '';
}
function get_post_type( int $id ): string {
	return isset( World::$orders[ $id ] ) ? 'shop_order' : 'page';
}
function wc_get_logger(): object {
	return new class() {
		public function log( string $level, string $line, array $where ): void {
			World::$logged[] = "$level $line";
		}
	};
}
function esc_url( string $url ): string {
	return $url;
}
function esc_html__( string $text, string $domain ): string {
	return $text;
}
function admin_url( string $path ): string {
	return 'https://loja.example/wp-admin/' . $path;
}
function human_time_diff( int $from, int $to ): string {
	return ( $to - $from ) . ' s';
}
function wp_timezone_string(): string {
	return World::$options['timezone_string'] ?? '+00:00';
}
function get_locale(): string {
	return World::$options['WPLANG'] ?? 'en_US';
}
function absint( $number ): int {
	return abs( (int) $number );
}
function current_user_can( string $right, ...$of ): bool {
	return true;
}
