<?php
/**
 * From what was typed to settings of the sidecar, and what speaks against them as far as the shop can tell.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class General_Form {

	private const WORDS   = array( 'sender', 'contact', 'locale', 'transactional_window', 'recipient', 'confirm_orders' );
	private const NUMBERS = array( 'mode', 'settle_seconds' );

	/**
	 * By the sidecar's names and types.
	 *
	 * @param array<string, mixed> $posted Unslashed.
	 * @return array<string, mixed>
	 */
	public static function changes( array $posted ): array {
		$changes = array();
		foreach ( self::WORDS as $name ) {
			if ( isset( $posted[ $name ] ) ) {
				$changes[ $name ] = trim( sanitize_text_field( (string) $posted[ $name ] ) );
			}
		}
		foreach ( self::NUMBERS as $name ) {
			if ( isset( $posted[ $name ] ) && is_numeric( $posted[ $name ] ) ) {
				$changes[ $name ] = (int) $posted[ $name ];
			}
		}
		if ( isset( $posted['alerts_enabled'] ) ) {
			$changes['alerts_enabled'] = (bool) $posted['alerts_enabled'];
		}
		if ( isset( $posted['staff_numbers'] ) ) {
			$changes['staff_numbers'] = self::numbers( (string) $posted['staff_numbers'] );
		}
		$placed = array_values( array_filter( array_map( 'sanitize_key', (array) ( $posted['placed_statuses'] ?? array() ) ) ) );
		if ( $placed ) {
			$changes['placed_statuses'] = $placed;
		}
		return $changes;
	}

	/**
	 * What speaks against saving these, by field, in the owner's language; the sidecar has the last word.
	 *
	 * @param array<string, mixed> $changes By the sidecar's names.
	 * @return array<string, string>
	 */
	public static function objections( array $changes ): array {
		$problems = array();
		foreach ( $changes['staff_numbers'] ?? array() as $number ) {
			if ( ! preg_match( '/^\+[1-9]\d{5,14}$/', $number ) ) {
				/* translators: %s: a phone number */
				$problems['staff_numbers'] = sprintf( __( 'Staff numbers: write %s with + and its country in front.', 'recado' ), $number );
			}
		}
		if ( ( $changes['mode'] ?? 0 ) >= 4 && 'yes' !== get_option( 'woocommerce_manage_stock' ) ) {
			$problems['mode'] = self::stock_is_off();
		} elseif ( ( $changes['mode'] ?? 0 ) >= 4 && ! ( $changes['alerts_enabled'] ?? true ) ) {
			/* translators: %d: number of a mode */
			$problems['mode'] = sprintf( __( 'Mode %d tells customers when products are back: switch on availability alerts too.', 'recado' ), $changes['mode'] );
		}
		return $problems;
	}

	public static function stock_is_off(): string {
		return __( 'Modes 4 to 6 tell customers when products are back: first switch on stock management under WooCommerce > Settings > Products > Inventory.', 'recado' );
	}

	/**
	 * Numbers as people write them, comma, semicolon or line between.
	 *
	 * @param string $written As typed.
	 * @return string[]
	 */
	private static function numbers( string $written ): array {
		$numbers = (array) preg_split( '/[,;\n]+/', $written );
		$bare    = array_map( static fn( $number ) => (string) preg_replace( '/[^\d+a-z]/i', '', (string) $number ), $numbers );
		return array_values( array_filter( $bare ) );
	}
}
