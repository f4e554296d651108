<?php
/**
 * What the sidecar answered, or that it did not.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Answer {

	/**
	 * HTTP status; 0 when nobody answered in time.
	 */
	public int $status;

	/**
	 * Stable code of a refusal such as bad_number; "unreachable" and "not_connected" are our own. Empty for a success.
	 */
	public string $code;

	/**
	 * The refusal in a sentence for people.
	 */
	public string $sentence;

	/**
	 * The JSON of the answer, of a refusal too.
	 *
	 * @var array<string, mixed>
	 */
	public array $data;

	public function __construct( int $status, array $data = array(), string $code = '', string $sentence = '' ) {
		$this->status   = $status;
		$this->data     = $data;
		$this->code     = $code;
		$this->sentence = $sentence;
	}

	public function is_ok(): bool {
		return $this->status >= 200 && $this->status < 300;
	}

	/**
	 * Whether the sidecar could not be asked, so that trying again later may help.
	 */
	public function is_unreachable(): bool {
		return 0 === $this->status || $this->status >= 500;
	}

	/**
	 * By field, what was wrong with it, in sentences.
	 *
	 * @return array<string, string>
	 */
	public function errors(): array {
		$errors = $this->data['errors'] ?? array();
		return is_array( $errors ) ? array_map( 'strval', $errors ) : array();
	}
}
