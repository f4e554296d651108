<?php
/**
 * What the sidecar refuses, said to a shopper in the shopper's language. The sidecar's own sentences are for the shop.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;

defined( 'ABSPATH' ) || exit;

final class Refusals {

	/**
	 * Refusals that are no fault of the shopper's: the shop, or what stands behind it, cannot do it now. All others
	 * are about what the shopper wrote or did.
	 */
	private const OURS = array( 'unreachable', 'not_connected', 'unauthorized', 'not_sent', 'too_large' );

	/**
	 * Whether the shopper can do nothing about it.
	 *
	 * @param Answer $answer Not a success.
	 */
	public static function is_ours( Answer $answer ): bool {
		return $answer->is_unreachable() || in_array( $answer->code, self::OURS, true );
	}

	public static function sentence( Answer $answer ): string {
		return self::sentences()[ $answer->code ] ?? __( 'This did not work. Please try again later.', 'recado' );
	}

	/**
	 * By the sidecar's codes.
	 *
	 * @return array<string, string>
	 */
	private static function sentences(): array {
		$many = __( 'That was asked for too often. Please try again in an hour.', 'recado' );
		$none = __( 'Texts cannot be sent to this number.', 'recado' );
		$over = __( 'This shop sends no such alerts at the moment.', 'recado' );
		return array(
			'bad_number'           => __( 'This is no mobile number that can be texted. Write it as in its country, or with + and the country code in front.', 'recado' ),
			'bad_field'            => __( 'Please check what you wrote.', 'recado' ),
			'wrong_code'           => __( 'This code is wrong or too old.', 'recado' ),
			'code_wrong'           => __( 'This code is wrong.', 'recado' ),
			'code_expired'         => __( 'This code is too old. Have a new one sent.', 'recado' ),
			'code_spent'           => __( 'There were too many wrong codes. Have a new one sent.', 'recado' ),
			'unknown_verification' => __( 'This code is too old. Have a new one sent.', 'recado' ),
			'code_too_soon'        => __( 'The text is still on its way. Please wait a moment before you ask for another.', 'recado' ),
			'code_limit'           => $many,
			'too_many_requests'    => $many,
			'country_not_allowed'  => $none,
			'pumping_stop'         => $none,
			'mode_without_alerts'  => $over,
			'stock_unmanaged'      => $over,
			'alerts_off'           => $over,
			'said_stop'            => __( 'You told us by text to stop. Only a text from you with START can undo that.', 'recado' ),
		);
	}
}
