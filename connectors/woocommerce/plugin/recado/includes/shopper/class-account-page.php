<?php
/**
 * My account > SMS.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Account_Page implements Feature {

	private const ENDPOINT = 'recado-sms';
	public const FLUSH     = 'recado_flush_rewrites';

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	/**
	 * WooCommerce makes the address of whatever is among its query variables (finding 43).
	 */
	public function register(): void {
		add_filter( 'woocommerce_get_query_vars', array( $this, 'add_address' ) );
		add_filter( 'woocommerce_account_menu_items', array( $this, 'add_to_menu' ) );
		add_filter( 'woocommerce_endpoint_' . self::ENDPOINT . '_title', array( $this, 'title' ) );
		add_action( 'woocommerce_account_' . self::ENDPOINT . '_endpoint', array( $this, 'show' ) );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'wp_loaded', array( $this, 'flush_once' ) );
	}

	public function add_address( $vars ) {
		$vars[ self::ENDPOINT ] = 'sms';
		return $vars;
	}

	/**
	 * Before "Log out".
	 *
	 * @param array<string, string> $items Of the menu.
	 */
	public function add_to_menu( $items ) {
		if ( ! $this->plugin->settings()->is_connected() ) {
			return $items;
		}
		$at = array_search( 'customer-logout', array_keys( $items ), true );
		$at = false === $at ? count( $items ) : $at;
		return array_slice( $items, 0, $at, true ) + array( self::ENDPOINT => $this->title() ) + array_slice( $items, $at, null, true );
	}

	public function title(): string {
		return __( 'SMS', 'recado' );
	}

	/**
	 * The rewrite rules are made anew once, when the address of this page is known.
	 */
	public function flush_once(): void {
		if ( 'yes' === get_option( self::FLUSH ) ) {
			update_option( self::FLUSH, 'no' );
			flush_rewrite_rules( false );
		}
	}

	/**
	 * An empty frame: the script asks for what goes in, so that the page waits for nobody.
	 */
	public function show(): void {
		if ( ! $this->plugin->settings()->is_connected() ) {
			echo '<p>' . esc_html__( 'This shop sends no texts at the moment.', 'recado' ) . '</p>';
			return;
		}
		?>
		<div class="recado-account" id="recado-account" aria-busy="true">
			<p class="recado-account__said" role="status" aria-live="polite"><?php esc_html_e( 'One moment…', 'recado' ); ?></p>
			<div class="recado-account__body" hidden></div>
			<noscript><p><?php esc_html_e( 'This page needs JavaScript.', 'recado' ); ?></p></noscript>
		</div>
		<?php
	}

	public function enqueue(): void {
		if ( ! is_wc_endpoint_url( self::ENDPOINT ) || ! is_user_logged_in() ) {
			return;
		}
		wp_enqueue_style( 'recado-shopper', plugins_url( 'assets/shopper.css', RECADO_FILE ), array(), RECADO_VERSION );
		wp_enqueue_script( 'recado-account', plugins_url( 'assets/account.js', RECADO_FILE ), array(), RECADO_VERSION, true );
		wp_localize_script(
			'recado-account',
			'recadoAccount',
			array(
				'url'   => rest_url( 'recado/v1/account' ),
				'nonce' => wp_create_nonce( 'wp_rest' ),
				'words' => self::words(),
			)
		);
	}

	/**
	 * What the page says.
	 *
	 * @return array<string, string>
	 */
	private static function words(): array {
		return array(
			'alerts'    => __( 'Products I wait for', 'recado' ),
			'none'      => __( 'You wait for no product.', 'recado' ),
			'end'       => __( 'End', 'recado' ),
			/* translators: %s: the name of a product. */
			'endOf'     => __( 'End the alert for %s', 'recado' ),
			'consents'  => __( 'What I get texts about', 'recado' ),
			'turnOn'    => __( 'Turn on', 'recado' ),
			'turnOff'   => __( 'Turn off', 'recado' ),
			/* translators: %s: a phone number. */
			'prove'     => __( 'To see and change what texts go to %s, confirm that the number is yours.', 'recado' ),
			'noNumber'  => __( 'Your account has no phone number. Add one to your address to see what texts you get.', 'recado' ),
			'send'      => __( 'Text me a code', 'recado' ),
			'again'     => __( 'Send a new code', 'recado' ),
			'code'      => __( 'Code from the text', 'recado' ),
			'confirm'   => __( 'Confirm', 'recado' ),
			'try_again' => __( 'Try again', 'recado' ),
			'offline'   => __( 'The shop did not answer. Please try again.', 'recado' ),
		);
	}
}
