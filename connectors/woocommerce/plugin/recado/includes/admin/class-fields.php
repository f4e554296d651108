<?php
/**
 * Rows of a settings page, in WooCommerce's own shape, each with what was wrong with it.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class Fields {

	/**
	 * What the form calls its fields: recado[mode] and so on. None of them has the page's id (finding 40).
	 */
	public const NAME = 'recado';

	/**
	 * By field, what is in it now.
	 *
	 * @var array<string, mixed>
	 */
	private array $values;

	/**
	 * By field, what was wrong with it.
	 *
	 * @var array<string, string>
	 */
	private array $problems;

	public function __construct( array $values, array $problems = array() ) {
		$this->values   = $values;
		$this->problems = $problems;
	}

	/**
	 * What was typed, unslashed; null where nothing was sent. WooCommerce has checked the nonce before it saves.
	 *
	 * @return array<string, mixed>|null
	 */
	public static function posted(): ?array {
		// phpcs:ignore WordPress.Security
		return isset( $_POST[ self::NAME ] ) ? (array) wp_unslash( $_POST[ self::NAME ] ) : null;
	}

	public function text( string $name, string $label, string $help = '', array $attributes = array() ): void {
		$this->open( $name, $label );
		$attributes += array(
			'type'  => 'text',
			'class' => 'regular-text',
		);
		printf(
			'<input id="%s" name="%s" value="%s"%s>',
			esc_attr( self::id( $name ) ),
			esc_attr( self::field( $name ) ),
			esc_attr( $this->value( $name ) ),
			$this->attributes( $name, $attributes ) // phpcs:ignore WordPress.Security
		);
		$this->close( $name, $help );
	}

	public function select( string $name, string $label, array $choices, string $help = '' ): void {
		$this->open( $name, $label );
		printf(
			'<select id="%s" name="%s"%s>',
			esc_attr( self::id( $name ) ),
			esc_attr( self::field( $name ) ),
			$this->attributes( $name, array() ) // phpcs:ignore WordPress.Security
		);
		foreach ( $choices as $value => $words ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $this->value( $name ), (string) $value, false ), esc_html( $words ) );
		}
		echo '</select>';
		$this->close( $name, $help );
	}

	public function checkbox( string $name, string $label, string $words, string $help = '' ): void {
		$this->open( $name, $label );
		printf(
			'<input type="hidden" name="%2$s" value=""><label><input type="checkbox" id="%1$s" name="%2$s" value="1"%3$s> %4$s</label>',
			esc_attr( self::id( $name ) ),
			esc_attr( self::field( $name ) ),
			checked( (bool) ( $this->values[ $name ] ?? false ), true, false ),
			esc_html( $words )
		);
		$this->close( $name, $help );
	}

	/**
	 * One of several, each with a line of explanation.
	 *
	 * @param string                                 $name    Of the field.
	 * @param string                                 $label   Before it.
	 * @param array<int, array{0: string, 1: string}> $choices By value: name and explanation.
	 */
	public function choice( string $name, string $label, array $choices ): void {
		printf( '<tr><th scope="row">%s</th><td class="forminp"><fieldset><legend class="screen-reader-text">%1$s</legend>', esc_html( $label ) );
		foreach ( $choices as $value => list( $title, $line ) ) {
			printf(
				'<label class="recado-choice"><input type="radio" name="%s" value="%s"%s> <strong>%s</strong> <span>%s</span></label>',
				esc_attr( self::field( $name ) ),
				esc_attr( $value ),
				checked( $this->value( $name ), (string) $value, false ),
				esc_html( is_int( $value ) ? "$value  $title" : $title ),
				esc_html( $line )
			);
		}
		echo '</fieldset>';
		$this->close( $name, '' );
	}

	/**
	 * Any of several.
	 *
	 * @param string                $name    Of the field; its value is a list.
	 * @param string                $label   Before it.
	 * @param array<string, string> $choices By value.
	 * @param string                $help    Below it.
	 */
	public function several( string $name, string $label, array $choices, string $help ): void {
		$chosen = array_map( 'strval', (array) ( $this->values[ $name ] ?? array() ) );
		printf( '<tr><th scope="row">%s</th><td class="forminp"><fieldset><legend class="screen-reader-text">%1$s</legend>', esc_html( $label ) );
		printf( '<input type="hidden" name="%s[]" value="">', esc_attr( self::field( $name ) ) );
		foreach ( $choices as $value => $words ) {
			printf(
				'<label class="recado-tick"><input type="checkbox" name="%s[]" value="%s"%s> %s</label> ',
				esc_attr( self::field( $name ) ),
				esc_attr( $value ),
				checked( in_array( (string) $value, $chosen, true ), true, false ),
				esc_html( $words )
			);
		}
		echo '</fieldset>';
		$this->close( $name, $help );
	}

	private function open( string $name, string $label ): void {
		printf( '<tr><th scope="row" class="titledesc"><label for="%s">%s</label></th><td class="forminp">', esc_attr( self::id( $name ) ), esc_html( $label ) );
	}

	private function close( string $name, string $help ): void {
		if ( isset( $this->problems[ $name ] ) ) {
			printf( '<p class="recado-problem" id="%s-problem">%s</p>', esc_attr( self::id( $name ) ), esc_html( $this->problems[ $name ] ) );
		}
		if ( '' !== $help ) {
			printf( '<p class="description">%s</p>', wp_kses_post( $help ) );
		}
		echo '</td></tr>';
	}

	private function value( string $name ): string {
		$value = $this->values[ $name ] ?? '';
		return is_array( $value ) ? implode( ', ', $value ) : (string) $value;
	}

	private function attributes( string $name, array $attributes ): string {
		if ( isset( $this->problems[ $name ] ) ) {
			$attributes += array(
				'aria-invalid'     => 'true',
				'aria-describedby' => self::id( $name ) . '-problem',
			);
		}
		$written = '';
		foreach ( $attributes as $attribute => $value ) {
			$written .= sprintf( ' %s="%s"', esc_attr( $attribute ), esc_attr( $value ) );
		}
		return $written;
	}

	private static function id( string $name ): string {
		return 'recado-' . str_replace( '_', '-', $name );
	}

	private static function field( string $name ): string {
		return self::NAME . "[$name]";
	}
}
