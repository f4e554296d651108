<?php
/**
 * One thing the plugin does.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

interface Feature {

	/**
	 * Hangs the feature into WordPress: only add_action and add_filter, nothing that costs a page anything.
	 */
	public function register(): void;
}
