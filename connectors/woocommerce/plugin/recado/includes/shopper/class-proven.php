<?php
/**
 * The number that a customer of the shop has shown to be theirs, by a code. What an account says about its number proves
 * nothing: anybody can write anybody's there.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Proven {

	public const META = '_recado_proven_number';

	public static function remember( int $user_id, Number $number ): void {
		update_user_meta( $user_id, self::META, array_merge( $number->for_sidecar(), array( 'at' => time() ) ) );
	}

	public static function of( int $user_id ): ?Number {
		$kept = get_user_meta( $user_id, self::META, true );
		return is_array( $kept ) && ! empty( $kept['number'] ) ? new Number( (string) $kept['number'], (string) ( $kept['country'] ?? '' ) ) : null;
	}
}
