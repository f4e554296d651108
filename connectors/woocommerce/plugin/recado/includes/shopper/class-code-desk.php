<?php
/**
 * Sends and checks codes for one shopper. Calls the sidecar, for 5 s at most, because the shopper asked for it in this
 * moment; and says plainly what happens when it does not answer.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;
use Recado\Sidecar;

defined( 'ABSPATH' ) || exit;

final class Code_Desk {

	private Sidecar $sidecar;
	private Code_State $state;
	private string $subject;
	private bool $may_pass;

	/**
	 * For one shopper.
	 *
	 * @param Sidecar    $sidecar Its API.
	 * @param Code_State $state   Of the shopper.
	 * @param string     $subject What codes are bound to: the shopper's session.
	 * @param bool       $may_pass Whether there is a way on without a code when none can be sent.
	 */
	public function __construct( Sidecar $sidecar, Code_State $state, string $subject, bool $may_pass = true ) {
		$this->sidecar  = $sidecar;
		$this->state    = $state;
		$this->subject  = $subject;
		$this->may_pass = $may_pass;
	}

	/**
	 * A code to this number; a new one in place of one that is on its way.
	 *
	 * @param Number $number As typed.
	 * @return array{state: string, words: string, wait?: int}
	 */
	public function send( Number $number ): array {
		if ( ! $number->is_plausible() ) {
			return self::told( 'refused', __( 'Please write your mobile number.', 'recado' ) );
		}
		$id     = $this->state->code_id( $number );
		$answer = $id ? $this->sidecar->post( "/verifications/$id/resend", array() ) : $this->ask( $number );
		if ( $id && in_array( $answer->code, array( 'code_spent', 'unknown_verification', 'code_used' ), true ) ) {
			$answer = $this->ask( $number );
		}
		if ( $answer->is_ok() ) {
			$this->state->become( Code_State::SENT, $number, (string) ( $answer->data['id'] ?? '' ) );
			return self::told( Code_State::SENT, __( 'The code is on its way to you by text.', 'recado' ), self::wait( $answer ) );
		}
		return Refusals::is_ours( $answer ) ? $this->not_sent( $number ) : self::refused( $answer );
	}

	/**
	 * Whether this is the code.
	 *
	 * @param Number $number As typed.
	 * @param string $code   As typed.
	 * @return array{state: string, words: string, wait?: int}
	 */
	public function check( Number $number, string $code ): array {
		$id   = $this->state->code_id( $number );
		$code = (string) preg_replace( '/\D/', '', $code );
		if ( ! $id ) {
			return self::told( 'refused', __( 'This code is too old. Have a new one sent.', 'recado' ) );
		}
		if ( 6 !== strlen( $code ) ) {
			return self::told( 'refused', __( 'The code has six digits.', 'recado' ) );
		}
		$subject = $this->subject;
		$answer  = $this->sidecar->post( "/verifications/$id/check", compact( 'code', 'subject' ) );
		if ( $answer->is_ok() ) {
			$this->state->become( Code_State::CONFIRMED, $number, $id );
			return self::told( Code_State::CONFIRMED, __( 'Your number is confirmed.', 'recado' ) );
		}
		return Refusals::is_ours( $answer ) ? $this->not_sent( $number ) : self::refused( $answer );
	}

	/**
	 * The way out for who has no mobile phone, where the shop has one.
	 *
	 * @param Number $number As typed; may be a land line.
	 * @return array{state: string, words: string, wait?: int}
	 */
	public function without_mobile( Number $number ): array {
		if ( 'refuse' === Code_Rule::without_mobile() ) {
			return self::told( 'refused', __( 'This shop needs a mobile number for this order.', 'recado' ) );
		}
		$this->state->become( Code_State::NO_MOBILE, $number );
		return self::told( 'passed', __( 'You can place your order without a code. The shop may call you before it sends anything.', 'recado' ) );
	}

	private function ask( Number $number ): Answer {
		$wanted = $number->for_sidecar() + array(
			'ip'      => Visitor::address(),
			'subject' => $this->subject,
			'locale'  => Visitor::locale(),
		);
		$host   = (string) wp_parse_url( home_url(), PHP_URL_HOST );
		if ( preg_match( '/^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z][A-Za-z0-9-]*$/', $host ) ) {
			$wanted['domain'] = $host;
		}
		return $this->sidecar->post( '/verifications', $wanted );
	}

	/**
	 * No code could be sent or checked, by no fault of the shopper's: the shop has chosen what then.
	 *
	 * @param Number $number As typed.
	 */
	private function not_sent( Number $number ): array {
		if ( ! $this->may_pass ) {
			return self::told( 'refused', __( 'We cannot send codes at the moment. Please try again later.', 'recado' ) );
		}
		if ( 'refuse' === Code_Rule::when_not_sent() ) {
			return self::told( 'refused', __( 'We cannot send codes at the moment. Please try again in a few minutes, or choose another way of paying.', 'recado' ) );
		}
		$this->state->become( Code_State::NOT_SENT, $number );
		return self::told( 'passed', __( 'We cannot send codes at the moment. You can place your order all the same; the shop will contact you to confirm it.', 'recado' ) );
	}

	private static function refused( Answer $answer ): array {
		$wait = 'code_too_soon' === $answer->code ? 30 : 0;
		return self::told( 'refused', Refusals::sentence( $answer ), $wait );
	}

	private static function wait( Answer $answer ): int {
		$at = strtotime( (string) ( $answer->data['resend_at'] ?? '' ) );
		return $at ? max( 0, min( 600, $at - time() ) ) : 30;
	}

	private static function told( string $state, string $words, int $wait = 0 ): array {
		return compact( 'state', 'words', 'wait' );
	}
}
