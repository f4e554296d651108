<?php
/**
 * What people are shown before they agree to something. The same words are kept as proof, so both come from here.
 *
 * @package Recado
 */

namespace Recado\Shopper;

defined( 'ABSPATH' ) || exit;

final class Wording {

	/**
	 * Purposes as the sidecar names them, with the option that holds the shop's own words.
	 */
	public const OPTIONS = array(
		'stock_alerts' => 'recado_wording_alerts',
		'orders'       => 'recado_wording_orders',
		'marketing'    => 'recado_wording_marketing',
	);

	private const LONGEST = 2000;

	/**
	 * In the language of this request: the shop's own words where it has any, else ours.
	 *
	 * @param string $purpose One of OPTIONS.
	 */
	public static function of( string $purpose ): string {
		$own  = trim( (string) get_option( self::OPTIONS[ $purpose ], '' ) );
		$text = str_replace( '{shop}', self::shop(), '' === $own ? self::ours( $purpose ) : $own );
		return mb_substr( wp_strip_all_tags( $text ), 0, self::LONGEST );
	}

	/**
	 * Our words, before the shop's name is put in.
	 *
	 * @param string $purpose One of OPTIONS.
	 */
	public static function ours( string $purpose ): string {
		switch ( $purpose ) {
			case 'stock_alerts':
				/* translators: keep {shop} as it is: it becomes the shop's name. */
				return __( 'I want one text from {shop} when this product is back, and before that one to confirm my number. Reply STOP to end it.', 'recado' );
			case 'orders':
				/* translators: keep {shop} as it is: it becomes the shop's name. */
				return __( 'Yes, {shop} may text me about my orders. Reply STOP to end it.', 'recado' );
			default:
				/* translators: keep {shop} as it is: it becomes the shop's name. */
				return __( 'Yes, {shop} may text me offers and news. I can end it at any time by replying STOP.', 'recado' );
		}
	}

	/**
	 * What a purpose is called where people choose.
	 *
	 * @param string $purpose One of OPTIONS.
	 */
	public static function name( string $purpose ): string {
		$names = array(
			'orders'       => __( 'Texts about my orders', 'recado' ),
			'stock_alerts' => __( 'Texts when products are back', 'recado' ),
			'marketing'    => __( 'Offers and news', 'recado' ),
		);
		return $names[ $purpose ] ?? $purpose;
	}

	private static function shop(): string {
		return wp_specialchars_decode( (string) get_option( 'blogname' ), ENT_QUOTES );
	}
}
