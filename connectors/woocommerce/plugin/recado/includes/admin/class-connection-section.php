<?php
/**
 * Connecting the shop to its sidecar by one code.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Connection_Section implements Section {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function id(): string {
		return 'connection';
	}

	public function title(): string {
		return __( 'Connection', 'recado' );
	}

	public function render(): void {
		echo '<h2>' . esc_html__( 'Connection', 'recado' ) . '</h2>';
	}

	public function save(): void {
	}
}
