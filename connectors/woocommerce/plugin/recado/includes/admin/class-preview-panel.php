<?php
/**
 * A text as it would leave now, with what has been typed: about the latest real order.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class Preview_Panel {

	public static function render(): void {
		echo '<aside class="recado-preview" aria-live="polite"><h2>' . esc_html__( 'Preview', 'recado' ) . '</h2>';
		echo '<label class="screen-reader-text" for="recado-preview-key">' . esc_html__( 'Text', 'recado' ) . '</label>';
		echo '<select id="recado-preview-key">';
		foreach ( Words::automatic_texts() as $key => $label ) {
			printf( '<option value="%s">%s</option>', esc_attr( $key ), esc_html( $label ) );
		}
		echo '</select><div class="recado-phone"><p class="recado-bubble" id="recado-preview-text">…</p></div>';
		echo '<p class="recado-meta" id="recado-preview-meta"></p><p class="description" id="recado-preview-about"></p></aside>';
	}
}
