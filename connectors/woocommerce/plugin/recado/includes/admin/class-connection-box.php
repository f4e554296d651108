<?php
/**
 * The head of the SMS settings: connecting by one code, and how the shop stands.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Answer;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Connection_Box {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	/**
	 * The one field of a shop that is not connected, or that is to be connected anew.
	 *
	 * @param Fields $fields With what was typed.
	 */
	public function render_form( Fields $fields ): void {
		echo '<h2>' . esc_html__( 'Connect this shop', 'recado' ) . '</h2><p>';
		echo wp_kses_post(
			sprintf(
				/* translators: %s: a command */
				__( 'Whoever runs your Recado sidecar gets a connection code by %s. Paste it here; all else is set up by itself.', 'recado' ),
				'<code>recado shop add woocommerce …</code>'
			)
		);
		echo '</p><table class="form-table">';
		$attributes = array(
			'type'         => 'password',
			'class'        => 'large-text code',
			'autocomplete' => 'off',
			'placeholder'  => 'https://sms.example.org#rct_…',
		);
		$fields->text( 'code', __( 'Connection code', 'recado' ), '', $attributes );
		echo '</table>';
	}

	/**
	 * How it stands, in a few words; that nobody answered, where it is so.
	 *
	 * @param Answer $heard Of the sidecar, just now.
	 */
	public function render_standing( Answer $heard ): void {
		if ( ! $heard->is_ok() ) {
			$this->render_silence( $heard );
		}
		$shop = $this->plugin->settings()->shop();
		$this->warn_of( $shop );
		echo '<div class="recado-standing"><p><span class="recado-light ' . ( $heard->is_ok() ? 'is-on' : 'is-off' ) . '"></span> <strong>';
		/* translators: %s: name of the shop at the sidecar */
		echo esc_html( sprintf( $heard->is_ok() ? __( 'Connected as %s', 'recado' ) : __( 'Connected as %s, but the sidecar is silent', 'recado' ), $shop['name'] ?? '' ) );
		echo '</strong> <code>' . esc_html( $this->plugin->connection()->address() ) . '</code></p><ul>';
		foreach ( $this->facts( $shop ) as $fact ) {
			echo '<li>' . esc_html( $fact ) . '</li>';
		}
		echo '</ul></div>';
	}

	private function facts( array $shop ): array {
		$mode  = $this->plugin->settings()->mode();
		$facts = array( sprintf( '%s: %d, %s', __( 'Mode', 'recado' ), $mode, Words::modes()[ $mode ][0] ?? '' ) );
		if ( isset( $shop['balance'] ) ) {
			/* translators: %d: number of credits */
			$facts[] = sprintf( _n( 'Credit: %d message', 'Credit: %d messages', (int) $shop['balance'], 'recado' ), (int) $shop['balance'] );
		}
		$outbox = $this->plugin->outbox()->standing();
		if ( $outbox['waiting'] ) {
			/* translators: %d: number of events */
			$facts[] = sprintf( _n( '%d event waits to be told', '%d events wait to be told', $outbox['waiting'], 'recado' ), $outbox['waiting'] );
		}
		if ( $outbox['dead'] ) {
			/* translators: %d: number of events */
			$facts[] = sprintf( _n( '%d event is set aside: tick below to tell it again', '%d events are set aside: tick below to tell them again', $outbox['dead'], 'recado' ), $outbox['dead'] );
		}
		return $facts;
	}

	/**
	 * What keeps texts from phones although all looks well.
	 *
	 * @param array $shop As the sidecar told it.
	 */
	private function warn_of( array $shop ): void {
		$simulated = array( 'simulator' ) === ( $shop['route'] ?? null );
		if ( isset( $shop['route'] ) && ! $shop['route'] ) {
			self::notice( 'error', __( 'The sidecar has no provider for this shop yet, so nothing can leave. Whoever runs it sets one up by `recado provider add`.', 'recado' ) );
		} elseif ( $simulated ) {
			self::notice( 'info', __( 'A simulated provider is set up: texts are played through to the end, and none reaches a phone.', 'recado' ) );
		} elseif ( in_array( $shop['sending'] ?? 'live', array( 'off', 'dry-run' ), true ) ) {
			self::notice( 'info', __( 'The sidecar is on trial (dry run): texts are decided on and shown, and none reaches a phone.', 'recado' ) );
		}
		if ( $shop['low'] ?? false ) {
			self::notice( 'warning', __( 'The credit is low. Without credit texts wait.', 'recado' ) );
		}
	}

	private function render_silence( Answer $heard ): void {
		if ( ! $heard->is_unreachable() ) {
			self::notice( 'error', Words::refusal( $heard ) );
			return;
		}
		$at = $this->plugin->settings()->heard_at();
		self::notice(
			'warning',
			sprintf(
				/* translators: 1: a sentence, 2: date and time */
				__( '%1$s You see the settings as of %2$s. No event is lost meanwhile: the shop keeps them and goes on trying. You can change settings and save; should the sidecar still be silent, what you typed stays on this page.', 'recado' ),
				$heard->sentence,
				$at ? wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $at ) : '–'
			)
		);
	}

	private static function notice( string $kind, string $words ): void {
		printf( '<div class="notice notice-%s inline"><p>%s</p></div>', esc_attr( $kind ), esc_html( $words ) );
	}
}
