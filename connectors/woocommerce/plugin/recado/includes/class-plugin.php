<?php
/**
 * Who knows everyone: the parts, and the features made of them.
 *
 * @package Recado
 */

namespace Recado;

use Automattic\WooCommerce\Utilities\FeaturesUtil;

defined( 'ABSPATH' ) || exit;

final class Plugin {

	/**
	 * Every feature, made with the plugin as its only argument.
	 */
	private const FEATURES = array(
		Events\Order_Events::class,
		Events\Story_Events::class,
		Events\Stock_Events::class,
		Outbox\Departure::class,
		Outbox\Pull_Route::class,
		Outbox\Upkeep::class,
		Outbox\Books::class,
		Admin\Settings_Tab::class,
		Admin\Ajax::class,
		Admin\Assets::class,
		Admin\Order_Box::class,
		Admin\Site_Health::class,
		Shopper\Alert_Form::class,
		Shopper\Account_Page::class,
		Shopper\Account_Route::class,
		Shopper\Alert_Route::class,
		Shopper\Checkout_Fields::class,
		Shopper\Code_Gate::class,
		Shopper\Code_Panel::class,
		Shopper\Personal_Data::class,
		Cli\Commands::class,
	);

	/**
	 * By language, the translation that serves all its countries.
	 */
	private const NEAREST = array(
		'es' => 'es_ES',
		'fr' => 'fr_FR',
		'pt' => 'pt_BR',
		'zh' => 'zh_TW',
	);

	private static ?Plugin $instance = null;

	/**
	 * The parts made so far, by class.
	 *
	 * @var array<string, object>
	 */
	private array $parts = array();

	public static function instance(): Plugin {
		self::$instance = self::$instance ?? new self();
		return self::$instance;
	}

	public function start(): void {
		register_activation_hook( RECADO_FILE, array( $this, 'activate' ) );
		register_deactivation_hook( RECADO_FILE, array( $this, 'deactivate' ) );
		add_action( 'before_woocommerce_init', array( $this, 'declare_compatibility' ) );
		add_action( 'plugins_loaded', array( $this, 'register_features' ) );
		add_action( 'init', array( $this, 'load_translations' ), -10 );
	}

	/**
	 * Only the admin and the pages of the checkout ask for it, and WooCommerce reads the head of every plugin to take it
	 * down: nothing to do for each call that the checkout makes while a shopper waits.
	 */
	public function declare_compatibility(): void {
		$address = isset( $_SERVER['REQUEST_URI'] ) ? esc_url_raw( wp_unslash( $_SERVER['REQUEST_URI'] ) ) : '';
		if ( ! strpos( $address, '/wc/store/' ) && class_exists( FeaturesUtil::class ) ) {
			FeaturesUtil::declare_compatibility( 'custom_order_tables', RECADO_FILE, true );
			FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', RECADO_FILE, true );
		}
	}

	public function register_features(): void {
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		$this->schema()->bring_up_to_date();
		foreach ( self::FEATURES as $feature ) {
			( new $feature( $this ) )->register();
		}
	}

	public function load_translations(): void {
		load_plugin_textdomain( 'recado', false, dirname( plugin_basename( RECADO_FILE ) ) . '/languages' );
		$locale  = determine_locale();
		$nearest = self::NEAREST[ substr( $locale, 0, 2 ) ] ?? '';
		if ( $nearest && $nearest !== $locale && 'zh_CN' !== $locale && ! file_exists( WP_LANG_DIR . "/plugins/recado-$locale.mo" ) ) {
			load_textdomain( 'recado', RECADO_DIR . "languages/recado-$nearest.mo", $locale );
		}
	}

	public function activate(): void {
		$this->schema()->bring_up_to_date();
		update_option( Shopper\Account_Page::FLUSH, 'yes' );
	}

	public function deactivate(): void {
		Outbox\Upkeep::unschedule();
		flush_rewrite_rules();
	}

	public function connection(): Connection {
		return $this->part( Connection::class, fn() => new Connection() );
	}

	/**
	 * The sidecar's API. Only for what a person asks for in this moment, or where nobody waits.
	 */
	public function sidecar(): Sidecar {
		return $this->part( Sidecar::class, fn() => new Sidecar( $this->connection() ) );
	}

	/**
	 * The sidecar's settings of this shop, as last heard: costs no call.
	 */
	public function settings(): Settings {
		return $this->part( Settings::class, fn() => new Settings() );
	}

	public function hearing(): Hearing {
		return $this->part(
			Hearing::class,
			fn() => new Hearing( $this->sidecar(), $this->connection(), $this->settings() )
		);
	}

	public function outbox(): Outbox\Outbox {
		return $this->part( Outbox\Outbox::class, fn() => new Outbox\Outbox( $GLOBALS['wpdb'] ) );
	}

	/**
	 * Where events are told; does nothing while the shop is not connected.
	 */
	public function teller(): Events\Teller {
		return $this->part( Events\Teller::class, fn() => new Events\Teller( $this->outbox(), $this->settings() ) );
	}

	public function delivery(): Outbox\Delivery {
		return $this->part(
			Outbox\Delivery::class,
			fn() => new Outbox\Delivery( $this->outbox(), $this->connection(), $this->log() )
		);
	}

	public function limit(): Shopper\Limit {
		return $this->part( Shopper\Limit::class, fn() => new Shopper\Limit( $GLOBALS['wpdb'] ) );
	}

	public function log(): Log {
		return $this->part( Log::class, fn() => new Log() );
	}

	public function schema(): Outbox\Schema {
		return $this->part( Outbox\Schema::class, fn() => new Outbox\Schema( $GLOBALS['wpdb'] ) );
	}

	/**
	 * Made when first asked for.
	 *
	 * @param string   $name Its class.
	 * @param callable $make Makes it.
	 */
	private function part( string $name, callable $make ): object {
		$this->parts[ $name ] = $this->parts[ $name ] ?? $make();
		return $this->parts[ $name ];
	}
}
