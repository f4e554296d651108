<?php
/**
 * What a section shows while there is nothing to show.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class Not_Connected {

	public static function render(): void {
		printf(
			'<p>%s <a href="%s">%s</a></p>',
			esc_html__( 'This shop is not connected to a sidecar yet.', 'recado' ),
			esc_url( Settings_Tab::address() ),
			esc_html__( 'Connect this shop', 'recado' )
		);
	}
}
