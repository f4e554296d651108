<?php
/**
 * Scripts and styles of the admin pages, only where they are needed.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Assets implements Feature {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	public function enqueue(): void {
		$screen = get_current_screen();
		// phpcs:ignore WordPress.Security
		$is_ours = 'woocommerce_page_wc-settings' === $screen->id && Settings_Tab::PAGE === ( $_GET['tab'] ?? '' );
		if ( $is_ours ) {
			$this->add( 'settings' );
			$this->add( 'test' );
		} elseif ( Order_Box::screen() === $screen->id ) {
			$this->add( 'order' );
		}
	}

	private function add( string $name ): void {
		$folder = plugins_url( 'assets/', RECADO_FILE );
		wp_enqueue_style( 'recado-admin', $folder . 'admin.css', array(), RECADO_VERSION );
		wp_enqueue_script( 'recado-asking', $folder . 'asking.js', array(), RECADO_VERSION, true );
		wp_enqueue_script( "recado-$name", $folder . "$name.js", array( 'recado-asking' ), RECADO_VERSION, true );
		wp_localize_script( 'recado-asking', 'recadoAdmin', self::told() );
	}

	/**
	 * What the scripts know: where to ask, and the words.
	 */
	private static function told(): array {
		return array(
			'url'      => admin_url( 'admin-ajax.php' ),
			'nonce'    => wp_create_nonce( Ajax::NONCE ),
			'language' => str_replace( '_', '-', get_user_locale() ),
			'states'   => Words::states(),
			'texts'    => Words::texts(),
			'words'    => array(
				'silent'    => __( 'The sidecar did not answer. Nothing was sent; try again in a moment.', 'recado' ),
				/* translators: %d: number of messages */
				'parts'     => __( 'messages: %d', 'recado' ),
				/* translators: %d: number of credits */
				'credits'   => __( 'credits: %d', 'recado' ),
				'none'      => __( 'No texts about this order yet.', 'recado' ),
				'customer'  => __( 'Customer', 'recado' ),
				'sending'   => __( 'Sending …', 'recado' ),
				'dry'       => __( 'Trial only: nothing left for a phone.', 'recado' ),
				'simulated' => __( 'By the simulated provider: nothing left for a phone.', 'recado' ),
				'waits'     => __( 'No receipt yet. Providers may take minutes; the state is kept up to date in the sidecar.', 'recado' ),
				'submit'    => __( 'Submit for approval', 'recado' ),
				'draft'     => __( 'draft', 'recado' ),
				'submitted' => __( 'waits for approval', 'recado' ),
				'approved'  => __( 'approved', 'recado' ),
				'refused'   => __( 'refused', 'recado' ),
				'empty'     => __( 'Nobody knows what to put here:', 'recado' ),
			),
		);
	}
}
