<?php
/**
 * What a shop that has just been connected knows of itself, for settings that nobody has made yet.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class First_Guesses {

	private const NOT_MADE = array(
		'sender'   => '',
		'country'  => '',
		'timezone' => 'UTC',
		'locale'   => 'en',
	);

	private const LONGEST_SENDER = 40;

	/**
	 * By the sidecar's names; what has been set at the sidecar stays.
	 *
	 * @param array<string, mixed> $settings As they are.
	 * @return array<string, string>
	 */
	public static function about( array $settings ): array {
		$open = array_filter(
			self::NOT_MADE,
			static fn( $unset, $name ) => ( $settings[ $name ] ?? $unset ) === $unset,
			ARRAY_FILTER_USE_BOTH
		);
		return array_diff_assoc( array_intersect_key( self::guesses(), $open ), self::NOT_MADE );
	}

	private static function guesses(): array {
		$zone = wp_timezone_string();
		$name = wp_specialchars_decode( (string) get_option( 'blogname', '' ), ENT_QUOTES );
		return array(
			'sender'   => trim( mb_substr( $name, 0, self::LONGEST_SENDER ) ),
			'country'  => (string) ( wc_get_base_location()['country'] ?? '' ),
			// An offset such as +02:00 knows nothing of summer time.
			'timezone' => strpos( $zone, '/' ) ? $zone : self::NOT_MADE['timezone'],
			'locale'   => self::language( get_locale() ),
		);
	}

	private static function language( string $locale ): string {
		if ( 'zh_CN' === $locale ) {
			return $locale;
		}
		$nearest = array(
			'es' => 'es',
			'fr' => 'fr',
			'pt' => 'pt_BR',
			'zh' => 'zh_TW',
		);
		return $nearest[ substr( $locale, 0, 2 ) ] ?? self::NOT_MADE['locale'];
	}
}
