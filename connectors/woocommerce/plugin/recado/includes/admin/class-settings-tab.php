<?php
/**
 * Brings WooCommerce > Settings > SMS into being, only where WooCommerce builds its settings.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Settings_Tab implements Feature {

	/**
	 * Of the page, which is not there everywhere. No field may have this id: WooCommerce would print the page inside
	 * itself without end (finding 40).
	 */
	public const PAGE = 'recado';

	/**
	 * The sections in their order, each made with the plugin as its only argument.
	 */
	private const SECTIONS = array(
		General_Section::class,
		Texts_Section::class,
		Shoppers_Section::class,
		Test_Section::class,
	);

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'woocommerce_get_settings_pages', array( $this, 'add_page' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( RECADO_FILE ), array( $this, 'add_link' ) );
	}

	public function add_page( array $pages ): array {
		$sections = array_map( fn( $name ) => new $name( $this->plugin ), self::SECTIONS );
		$pages[]  = new Settings_Page( $sections );
		return $pages;
	}

	public function add_link( array $links ): array {
		$link = sprintf( '<a href="%s">%s</a>', esc_url( self::address() ), esc_html__( 'Settings', 'recado' ) );
		return array_merge( array( $link ), $links );
	}

	public static function address( string $section = '' ): string {
		$page = 'admin.php?page=wc-settings&tab=' . self::PAGE;
		return admin_url( $section ? $page . '&section=' . $section : $page );
	}
}
