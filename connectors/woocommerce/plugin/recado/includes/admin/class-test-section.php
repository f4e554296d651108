<?php
/**
 * Test: one text to one number, and what became of it, in words.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Test_Section implements Section {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function id(): string {
		return 'test';
	}

	public function title(): string {
		return __( 'Test', 'recado' );
	}

	public function render(): void {
		$GLOBALS['hide_save_button'] = true; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		if ( ! $this->plugin->connection()->is_made() ) {
			Not_Connected::render();
			return;
		}
		echo '<h2>' . esc_html__( 'Test', 'recado' ) . '</h2><p>' . esc_html__( 'Sends one text at once, in every mode and at any hour, about a made-up order.', 'recado' ) . '</p>';
		echo '<table class="form-table"><tr><th scope="row"><label for="recado-to">' . esc_html__( 'To', 'recado' ) . '</label></th><td>';
		echo '<input type="tel" id="recado-to" class="regular-text" autocomplete="tel" placeholder="+5511912345678"></td></tr>';
		echo '<tr><th scope="row"><label for="recado-template">' . esc_html__( 'Text', 'recado' ) . '</label></th><td><select id="recado-template">';
		foreach ( Words::texts() as $key => $label ) {
			printf( '<option value="%s">%s</option>', esc_attr( $key ), esc_html( $label ) );
		}
		echo '</select><p class="recado-bubble" id="recado-preview-text">…</p><p class="recado-meta" id="recado-preview-meta"></p></td></tr></table>';
		echo '<p><button type="button" class="button button-primary" id="recado-send">' . esc_html__( 'Send message', 'recado' ) . '</button></p>';
		echo '<div id="recado-outcome" class="recado-outcome" role="status" aria-live="polite"></div>';
	}

	public function save(): void {
	}
}
