<?php
/**
 * WordPress's own tools for personal data (Tools > Export, Erase Personal Data) reach what the sidecar holds. An
 * administrator runs them, and waits.
 *
 * WordPress goes by an e-mail address, the sidecar by a number, and anybody can write anybody's number into an order. So
 * all that is held under a number goes to who has proved it to be theirs by a code; to others only what belongs to their
 * own orders and account.
 *
 * @package Recado
 */

namespace Recado\Shopper;

use Recado\Answer;
use Recado\Feature;
use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Personal_Data implements Feature {

	private const ID = 'recado';

	/**
	 * What the sidecar tells of, with the field by which a row belongs to an order.
	 */
	private const OF_ORDERS = array( 'messages', 'orders' );
	private const OF_NUMBER = array( 'replies', 'consents', 'consent_log', 'verifications' );

	/**
	 * What nobody can make use of, or what is a secret of the sidecar.
	 */
	private const NOT_TOLD = array( 'timeline', 'shop_id', 'account_id', 'provider_id' );

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
		add_filter( 'woocommerce_privacy_remove_order_personal_data_meta', array( $this, 'name_order_fields' ) );
		add_action( 'admin_init', array( $this, 'suggest_policy' ) );
	}

	public function add_exporter( $exporters ) {
		$exporters[ self::ID ] = array(
			'exporter_friendly_name' => __( 'Texts (Recado)', 'recado' ),
			'callback'               => array( $this, 'export' ),
		);
		return $exporters;
	}

	public function add_eraser( $erasers ) {
		$erasers[ self::ID ] = array(
			'eraser_friendly_name' => __( 'Texts (Recado)', 'recado' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What WooCommerce takes out of an order besides its own fields.
	 *
	 * @param array<string, string> $fields With the kind of data in them.
	 */
	public function name_order_fields( $fields ) {
		return array_merge(
			$fields,
			array(
				Number::META                   => 'phone',
				Checkout_Fields::CONSENTS_META => 'text',
			)
		);
	}

	/**
	 * One number a page, so that no page waits long.
	 *
	 * @param string $email Of whom.
	 * @param int    $page  From 1.
	 * @return array|\WP_Error The latter stops the export with its sentence: half of it must not pass for all.
	 */
	public function export( $email, $page = 1 ) {
		$person = new Person( (string) $email );
		$held   = $person->numbers()[ $page - 1 ] ?? null;
		if ( ! $held || ! $this->plugin->connection()->is_made() ) {
			return array(
				'data' => array(),
				'done' => true,
			);
		}
		$answer = $this->plugin->sidecar()->post( '/privacy/export', $held['number']->for_sidecar() );
		if ( 'bad_number' !== $answer->code && ! $answer->is_ok() ) {
			return self::failed( $answer );
		}
		$own = $held['proven'] ? $answer->data : self::only_own( $answer->data, $person );
		return array(
			'data' => $answer->is_ok() ? self::groups( $own, (int) $page ) : array(),
			'done' => $page >= count( $person->numbers() ),
		);
	}

	/**
	 * One number a page.
	 *
	 * @param string $email Of whom.
	 * @param int    $page  From 1.
	 * @return array|\WP_Error
	 */
	public function erase( $email, $page = 1 ) {
		$person = new Person( (string) $email );
		$held   = $person->numbers()[ $page - 1 ] ?? null;
		$report = array(
			'items_removed'  => false,
			'items_retained' => false,
			'messages'       => array(),
			'done'           => $page >= count( $person->numbers() ),
		);
		if ( ! $held || ! $this->plugin->connection()->is_made() ) {
			return array( 'done' => true ) + $report;
		}
		if ( ! $held['proven'] && $person->shares( $held['number'] ) ) {
			return array(
				'items_retained' => true,
				'messages'       => array( __( 'Texts to a number that other customers use too were kept. Erase them with `recado privacy erase` once you know whose the number is.', 'recado' ) ),
			) + $report;
		}
		$answer = $this->plugin->sidecar()->post( '/privacy/erase', $held['number']->for_sidecar() );
		if ( 'bad_number' === $answer->code ) {
			return $report;
		}
		return $answer->is_ok() ? self::erased( $answer->data, $person ) + $report : self::failed( $answer );
	}

	/**
	 * A paragraph that the shop may take into its privacy policy.
	 */
	public function suggest_policy(): void {
		if ( function_exists( 'wp_add_privacy_policy_content' ) ) {
			$words = __( 'We send texts about orders, and about products that customers asked to be told of. For that we keep the phone number, the texts, whether they arrived, what was answered, and what was agreed to, with its time and internet address. Providers of text messages get the number and the text.', 'recado' );
			wp_add_privacy_policy_content( 'Recado', wp_kses_post( wpautop( $words ) ) );
		}
	}

	/**
	 * Without what belongs to the number alone.
	 *
	 * @param array  $held   As the sidecar tells it.
	 * @param Person $person Who asks.
	 */
	private static function only_own( array $held, Person $person ): array {
		$own = array();
		foreach ( self::OF_ORDERS as $kind ) {
			$own[ $kind ] = array_filter( (array) ( $held[ $kind ] ?? array() ), static fn( $row ) => $person->has_order( (string) ( $row['order_id'] ?? $row['id'] ?? '' ) ) );
		}
		$own['alerts'] = array_filter(
			(array) ( $held['alerts'] ?? array() ),
			static fn( $row ) => '' !== (string) ( $row['customer_id'] ?? '' ) && (string) $person->user_id() === (string) $row['customer_id']
		);
		return $own;
	}

	/**
	 * In the form that WordPress prints.
	 *
	 * @param array $held By kind.
	 * @param int   $page Number of the page: makes ids unique.
	 */
	private static function groups( array $held, int $page ): array {
		$items = array();
		foreach ( array_merge( self::OF_ORDERS, array( 'alerts' ), self::OF_NUMBER ) as $kind ) {
			foreach ( array_values( (array) ( $held[ $kind ] ?? array() ) ) as $at => $row ) {
				$items[] = array(
					'group_id'    => 'recado_' . $kind,
					'group_label' => self::label( $kind ),
					'item_id'     => "recado-$kind-$page-$at",
					'data'        => self::lines( (array) $row ),
				);
			}
		}
		return $items;
	}

	private static function lines( array $row ): array {
		$lines = array();
		foreach ( array_diff_key( $row, array_flip( self::NOT_TOLD ) ) as $name => $value ) {
			if ( null !== $value && '' !== $value && array() !== $value ) {
				$lines[] = array(
					'name'  => str_replace( '_', ' ', (string) $name ),
					'value' => is_scalar( $value ) ? esc_html( (string) $value ) : esc_html( (string) wp_json_encode( $value ) ),
				);
			}
		}
		return $lines;
	}

	private static function label( string $kind ): string {
		$labels = array(
			'messages'      => __( 'Texts', 'recado' ),
			'orders'        => __( 'Orders, as known for texts', 'recado' ),
			'alerts'        => __( 'Products waited for', 'recado' ),
			'replies'       => __( 'Texts received', 'recado' ),
			'consents'      => __( 'Consents to texts', 'recado' ),
			'consent_log'   => __( 'Consents to texts, as they were given', 'recado' ),
			'verifications' => __( 'Codes by text', 'recado' ),
		);
		return $labels[ $kind ] ?? $kind;
	}

	private static function erased( array $counts, Person $person ): array {
		$person->forget();
		$waiting = (int) ( $counts['on_their_way'] ?? 0 );
		return array(
			'items_removed'  => array_sum( array_filter( $counts, 'is_int' ) ) > $waiting,
			'items_retained' => $waiting > 0,
			'messages'       => $waiting ? array( __( 'Some texts are on their way at this moment. Erase again in an hour.', 'recado' ) ) : array(),
		);
	}

	private static function failed( Answer $answer ): \WP_Error {
		$words = 'too_many_requests' === $answer->code
			? __( 'Recado: that was too much at once. Please try again in a minute.', 'recado' )
			: __( 'Recado: the sidecar did not answer, so texts are missing. Please try again later.', 'recado' );
		return new \WP_Error( 'recado_' . $answer->code, $words );
	}
}
