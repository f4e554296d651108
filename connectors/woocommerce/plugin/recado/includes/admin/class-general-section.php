<?php
/**
 * The first section: connection, mode, sender, contact, hours, staff, availability, with a live preview.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Answer;
use Recado\Events\Order_Payload;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class General_Section implements Section {

	private Plugin $plugin;
	private Connection_Box $box;

	/**
	 * What was wrong with what was just saved, by field; null where nothing was saved.
	 *
	 * @var array<string, string>|null
	 */
	private ?array $problems = null;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
		$this->box    = new Connection_Box( $plugin );
	}

	public function id(): string {
		return '';
	}

	public function title(): string {
		return __( 'General', 'recado' );
	}

	public function render(): void {
		$typed = $this->problems ? (array) Fields::posted() : array();
		if ( ! $this->plugin->connection()->is_made() ) {
			$this->box->render_form( new Fields( $typed, (array) $this->problems ) );
			return;
		}
		$this->box->render_standing( $this->plugin->hearing()->hear() );
		$fields = new Fields( $typed + $this->plugin->settings()->all(), (array) $this->problems );
		echo '<div class="recado-columns"><div>';
		$this->render_sending( $fields );
		$this->render_orders( $fields );
		$this->render_connection( $fields );
		echo '</div>';
		Preview_Panel::render();
		echo '</div>';
	}

	public function save(): void {
		$posted = Fields::posted();
		if ( null === $posted ) {
			return;
		}
		if ( ! empty( $posted['code'] ) ) {
			$this->connect( (string) $posted['code'] );
		} elseif ( ! empty( $posted['disconnect'] ) ) {
			$this->plugin->connection()->forget();
			$this->plugin->settings()->forget();
			$this->plugin->outbox()->set_all_aside( time() );
		} elseif ( isset( $posted['mode'] ) ) {
			if ( ! empty( $posted['revive'] ) ) {
				$this->plugin->outbox()->revive( time() );
				$this->plugin->delivery()->schedule( time() );
			}
			$this->save_settings( General_Form::changes( $posted ) );
		}
	}

	private function connect( string $code ): void {
		$answer = $this->plugin->hearing()->connect( $code );
		if ( $answer->is_ok() ) {
			$this->plugin->delivery()->wake();
		} else {
			$this->report( array( 'code' => 'unauthorized' === $answer->code ? __( 'The sidecar does not know this code. Ask for a new one: `recado shop connect`.', 'recado' ) : $answer->sentence ) );
		}
	}

	private function save_settings( array $changes ): void {
		$problems = General_Form::objections( $changes );
		if ( $problems ) {
			$this->report( $problems );
			return;
		}
		$answer = $this->plugin->hearing()->save( $changes );
		if ( ! $answer->is_ok() ) {
			$this->report( self::problems_of( $answer ) );
		}
	}

	private static function problems_of( Answer $answer ): array {
		$known = array(
			'transactional_window' => __( 'Sending hours: they cannot be read, or open too rarely. Write them as in the example.', 'recado' ),
		);
		if ( $answer->errors() ) {
			return array_intersect_key( $known, $answer->errors() ) + $answer->errors();
		}
		/* translators: %s: a sentence saying what happened */
		return array( 'all' => sprintf( __( '%s Nothing was saved; what you typed is still here. Try again in a moment.', 'recado' ), Words::refusal( $answer ) ) );
	}

	private function report( array $problems ): void {
		$this->problems = $problems;
		foreach ( $problems as $problem ) {
			\WC_Admin_Settings::add_error( $problem );
		}
	}

	private function render_sending( Fields $fields ): void {
		echo '<h2>' . esc_html__( 'What is sent', 'recado' ) . '</h2><table class="form-table">';
		$fields->choice( 'mode', __( 'Mode', 'recado' ), Words::modes() );
		$stock = 'yes' === get_option( 'woocommerce_manage_stock' );
		$fields->checkbox(
			'alerts_enabled',
			__( 'Availability alerts', 'recado' ),
			__( 'Customers may ask to be told when a sold-out product is back', 'recado' ),
			$stock ? __( 'Modes 4 to 6 need this.', 'recado' ) : General_Form::stock_is_off()
		);
		$fields->text( 'sender', __( 'Sender', 'recado' ), __( 'The name of your shop. It opens every text.', 'recado' ), array( 'maxlength' => 40 ) );
		$fields->text( 'contact', __( 'Contact', 'recado' ), __( 'A phone number or an e-mail address. It closes every text.', 'recado' ), array( 'maxlength' => 60 ) );
		$fields->select( 'locale', __( 'Language of the texts', 'recado' ), Words::languages() );
		$fields->text(
			'transactional_window',
			__( 'Sending hours', 'recado' ),
			sprintf(
				/* translators: 1: time zone, 2 and 3: examples */
				__( 'In the time of %1$s. Such as %2$s, or %3$s. What falls outside waits for the next opening.', 'recado' ),
				esc_html( $this->plugin->settings()->get( 'timezone', 'UTC' ) ),
				'<code>mon-fri 09:00-18:00; sat 10:00-13:00</code>',
				'<code>always</code>'
			)
		);
		$fields->text( 'staff_numbers', __( 'Staff numbers', 'recado' ), __( 'Told of every new order. With the country in front, comma between: +5511912345678, +5521987654321', 'recado' ) );
		echo '</table>';
	}

	private function render_orders( Fields $fields ): void {
		echo '<h2>' . esc_html__( 'Orders', 'recado' ) . '</h2><table class="form-table">';
		$fields->several( 'placed_statuses', __( 'Placed', 'recado' ), self::statuses(), __( 'An order counts as placed when it first has one of these statuses; then the thank-you leaves.', 'recado' ) );
		$whose = array(
			'buyer'    => __( 'the buyer', 'recado' ),
			'receiver' => __( 'whoever is named in the delivery address', 'recado' ),
		);
		$fields->select( 'recipient', __( 'Who is texted', 'recado' ), $whose );
		$when = array(
			'never'            => __( 'never', 'recado' ),
			'cash_on_delivery' => __( 'when they pay on delivery', 'recado' ),
			'always'           => __( 'always', 'recado' ),
		);
		$fields->select( 'confirm_orders', __( 'Ask customers to confirm by reply', 'recado' ), $when );
		$fields->text(
			'settle_seconds',
			__( 'Wait before a text leaves (seconds)', 'recado' ),
			__( 'Several changes within this time become one text, about the last.', 'recado' ),
			array(
				'type'  => 'number',
				'min'   => 0,
				'max'   => 86400,
				'class' => 'small-text',
			)
		);
		echo '</table>';
	}

	/**
	 * Those an order can have, by the name that goes over the wire; drafts are no orders.
	 *
	 * @return array<string, string>
	 */
	private static function statuses(): array {
		$statuses = array();
		foreach ( wc_get_order_statuses() as $slug => $label ) {
			$statuses[ (string) preg_replace( '/^wc-/', '', $slug ) ] = $label;
		}
		return array_diff_key( $statuses, array_flip( Order_Payload::DRAFTS ) );
	}

	private function render_connection( Fields $fields ): void {
		echo '<h2>' . esc_html__( 'Connection', 'recado' ) . '</h2><table class="form-table">';
		if ( $this->plugin->outbox()->standing()['dead'] ) {
			$fields->checkbox( 'revive', __( 'Events set aside', 'recado' ), __( 'Tell them again', 'recado' ) );
		}
		$fields->checkbox( 'disconnect', __( 'Disconnect', 'recado' ), __( 'Disconnect this shop when I save. Texts stop; nothing is deleted at the sidecar.', 'recado' ) );
		echo '</table>';
	}
}
