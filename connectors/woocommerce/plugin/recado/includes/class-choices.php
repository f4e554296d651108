<?php
/**
 * What an owner may choose in the shop itself, as it stands before anybody has chosen: laid out once, so that WordPress
 * loads it with all else. It would ask the database for each that is missing, in every page that a shopper waits for.
 *
 * @package Recado
 */

namespace Recado;

use Recado\Shopper\Account_Page;
use Recado\Shopper\Checkout_Fields;
use Recado\Shopper\Code_Rule;

defined( 'ABSPATH' ) || exit;

final class Choices {

	private const FIRST = array(
		Account_Page::FLUSH     => 'yes',
		Checkout_Fields::MOBILE => 'no',
		Code_Rule::FOR_CASH     => 'no',
		Code_Rule::FROM_ON      => 'no',
		Code_Rule::FROM         => '0',
		Code_Rule::FOR_NEW      => 'no',
		Code_Rule::NO_MOBILE    => 'hold',
		Code_Rule::NOT_SENT     => 'hold',
	);

	/**
	 * What has been chosen stays.
	 */
	public static function lay_out(): void {
		$consents = array_fill_keys( array_values( Checkout_Fields::CONSENTS ), 'no' );
		foreach ( self::FIRST + $consents as $name => $value ) {
			add_option( $name, $value, '', true );
		}
	}
}
