<?php
/**
 * Plugin Name:          Recado – order texts by SMS and WhatsApp
 * Plugin URI:           https://github.com/recado-texts/recado
 * Description:          Texts your customers about their orders through your Recado sidecar, and never makes the checkout wait for it.
 * Version:              1.0.0
 * Requires at least:    6.5
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * WC requires at least: 8.2
 * WC tested up to:      10.0
 * Author:               Recado
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          recado
 * Domain Path:          /languages
 *
 * @package Recado
 */

defined( 'ABSPATH' ) || exit;

define( 'RECADO_VERSION', '1.0.0' );
define( 'RECADO_FILE', __FILE__ );
define( 'RECADO_DIR', plugin_dir_path( __FILE__ ) );

require_once RECADO_DIR . 'includes/autoload.php';

Recado\Plugin::instance()->start();
