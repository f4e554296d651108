<?php
/**
 * Brings the panel's script into the block checkout, before that is drawn.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Automattic\WooCommerce\Blocks\Integrations\IntegrationInterface;

defined( 'ABSPATH' ) || exit;

final class Code_Block implements IntegrationInterface {

	private const SCRIPT = 'recado-code-block';

	public function get_name(): string {
		return 'recado';
	}

	public function initialize(): void {
		$needed = array( Code_Panel::SCRIPT, 'wc-blocks-checkout', 'wp-data', 'wp-element' );
		wp_register_script( self::SCRIPT, plugins_url( 'assets/code-block.js', RECADO_FILE ), $needed, RECADO_VERSION, true );
	}

	public function get_script_handles(): array {
		return array( self::SCRIPT );
	}

	public function get_editor_script_handles(): array {
		return array();
	}

	public function get_script_data(): array {
		return array();
	}
}
