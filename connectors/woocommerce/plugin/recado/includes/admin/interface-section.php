<?php
/**
 * A section of WooCommerce > Settings > SMS.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

interface Section {

	/**
	 * In the address of the page; empty for the first.
	 */
	public function id(): string;

	public function title(): string;

	/**
	 * Prints the fields, inside WooCommerce's own form, of which the Save button is part.
	 */
	public function render(): void;

	/**
	 * Saves what was sent. WooCommerce has checked nonce and rights. Problems: WC_Admin_Settings::add_error().
	 */
	public function save(): void;
}
