<?php
/**
 * Where the sidecar is, and what proves that we are this shop. Kept sealed, and not loaded with every page.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Connection {

	public const OPTION = 'recado_connection';

	/**
	 * What is kept: address, token, shop_id, events_secret.
	 *
	 * @var array<string, string>|null
	 */
	private ?array $kept = null;

	/**
	 * Whether the shop has been connected, as far as a page needs to know: costs nothing.
	 */
	public function is_made(): bool {
		return '' !== $this->token();
	}

	public function address(): string {
		return $this->value( 'address' );
	}

	public function token(): string {
		return $this->value( 'token' );
	}

	public function shop_id(): string {
		return $this->value( 'shop_id' );
	}

	public function events_secret(): string {
		return $this->value( 'events_secret' );
	}

	/**
	 * All that is kept.
	 *
	 * @return array<string, string>
	 */
	public function all(): array {
		$this->value( '' );
		return (array) $this->kept;
	}

	public function save( array $kept ): void {
		$this->kept = array_map( 'strval', $kept );
		update_option( self::OPTION, Seal::close( (string) wp_json_encode( $this->kept ) ), false );
	}

	public function forget(): void {
		$this->kept = array();
		delete_option( self::OPTION );
	}

	/**
	 * The code that `recado shop add` prints: the sidecar's address, #, and the shop's token.
	 *
	 * @param string $code As pasted.
	 * @return array{0: string, 1: string}|null Address and token, or null where it is no such code.
	 */
	public static function read_code( string $code ): ?array {
		if ( ! preg_match( '~^(https?://[^\s#?@]+)#(rct_[A-Za-z0-9_-]{20,})$~', trim( $code ), $found ) ) {
			return null;
		}
		$host = wp_parse_url( $found[1], PHP_URL_HOST );
		return $host ? array( rtrim( $found[1], '/' ), $found[2] ) : null;
	}

	private function value( string $name ): string {
		if ( null === $this->kept ) {
			$opened     = json_decode( Seal::open( (string) get_option( self::OPTION, '' ) ), true );
			$this->kept = is_array( $opened ) ? $opened : array();
		}
		return $this->kept[ $name ] ?? '';
	}
}
