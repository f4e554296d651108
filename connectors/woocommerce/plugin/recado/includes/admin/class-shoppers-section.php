<?php
/**
 * What shoppers are asked in the shop. All of it concerns pages of the shop only, so it is kept here and not in the
 * sidecar.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Plugin;
use Recado\Shopper\Checkout_Fields;
use Recado\Shopper\Code_Rule;
use Recado\Shopper\Wording;

defined( 'ABSPATH' ) || exit;

final class Shoppers_Section implements Section {

	private Plugin $plugin;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function id(): string {
		return 'shoppers';
	}

	public function title(): string {
		return __( 'Shoppers', 'recado' );
	}

	public function render(): void {
		\WC_Admin_Settings::output_fields( $this->fields() );
	}

	public function save(): void {
		\WC_Admin_Settings::save_fields( $this->fields() );
	}

	/**
	 * In the form of WooCommerce's own settings. No title has the id of the page (finding 40).
	 */
	private function fields(): array {
		return array_merge( $this->checkout_fields(), $this->code_fields(), $this->alert_fields() );
	}

	private function checkout_fields(): array {
		return array(
			self::title_of( 'recado_shoppers_checkout', __( 'At the checkout', 'recado' ), __( 'In the classic and in the block checkout.', 'recado' ) ),
			array(
				'id'      => Checkout_Fields::MOBILE,
				'type'    => 'checkbox',
				'title'   => __( 'Mobile number for texts', 'recado' ),
				'desc'    => __( 'Ask for one besides the billing phone. It stays optional; where it is given, texts go there.', 'recado' ),
				'default' => 'no',
			),
			self::consent( 'orders', __( 'Consent to texts about orders', 'recado' ), __( 'Ask by a box that is not ticked. Needed where you send order texts only to those who agreed.', 'recado' ) ),
			self::wording( 'orders' ),
			self::consent( 'marketing', __( 'Consent to offers and news', 'recado' ), __( 'Ask by a box that is not ticked. Some countries want a second yes: there the customer is asked by text.', 'recado' ) ),
			self::wording( 'marketing' ),
			self::end_of( 'recado_shoppers_checkout' ),
		);
	}

	private function code_fields(): array {
		$is_first = true;
		$whens    = array(
			Code_Rule::FOR_CASH => __( 'for cash on delivery', 'recado' ),
			Code_Rule::FOR_NEW  => __( 'for new customers', 'recado' ),
			/* translators: %s: the shop's currency. */
			Code_Rule::FROM_ON  => sprintf( __( 'from this amount on (%s):', 'recado' ), get_woocommerce_currency() ),
		);
		$boxes    = array();
		foreach ( $whens as $id => $words ) {
			$boxes[]  = array(
				'id'            => $id,
				'type'          => 'checkbox',
				'title'         => $is_first ? __( 'Ask for a code', 'recado' ) : '',
				'desc'          => $words,
				'default'       => 'no',
				'checkboxgroup' => $is_first ? 'start' : ( Code_Rule::FROM_ON === $id ? 'end' : '' ),
			);
			$is_first = false;
		}
		return array_merge(
			array( self::title_of( 'recado_shoppers_code', __( 'Confirming the number by a code', 'recado' ), __( 'The order can be placed once the shopper has written the code from the text. With no box ticked, nobody is asked.', 'recado' ) ) ),
			$boxes,
			array( self::amount(), self::way_out(), self::not_sent() ),
			array( self::end_of( 'recado_shoppers_code' ) )
		);
	}

	private static function amount(): array {
		return array(
			'id'                => Code_Rule::FROM,
			'type'              => 'number',
			'title'             => __( 'Amount', 'recado' ),
			'desc_tip'          => __( 'Orders of this total and above, whatever the way of paying.', 'recado' ),
			'default'           => '0',
			'css'               => 'width: 8em;',
			'custom_attributes' => array(
				'min'  => '0',
				'step' => '0.01',
			),
		);
	}

	private static function way_out(): array {
		return array(
			'id'      => Code_Rule::NO_MOBILE,
			'type'    => 'select',
			'title'   => __( 'Who cannot receive texts', 'recado' ),
			'desc'    => __( 'A note on the order says that its number is not confirmed.', 'recado' ),
			'default' => 'hold',
			'options' => array(
				'hold'   => __( 'may order; the order is put on hold', 'recado' ),
				'accept' => __( 'may order', 'recado' ),
				'refuse' => __( 'cannot order in this way', 'recado' ),
			),
		);
	}

	private static function not_sent(): array {
		return array(
			'id'      => Code_Rule::NOT_SENT,
			'type'    => 'select',
			'title'   => __( 'When no code can be sent', 'recado' ),
			'desc'    => __( 'Because the sidecar does not answer, sends in dry-run only, or has no credit. The shopper is told what happens.', 'recado' ),
			'default' => 'hold',
			'options' => array(
				'hold'   => __( 'take the order and put it on hold', 'recado' ),
				'refuse' => __( 'take no such order', 'recado' ),
			),
		);
	}

	private function alert_fields(): array {
		$now = $this->plugin->settings()->offers_alerts()
			? __( 'Sold-out products offer it now.', 'recado' )
			: __( 'Not offered now: the shop needs mode 4, 5 or 6, with stock management and alerts on.', 'recado' );
		return array(
			self::title_of( 'recado_shoppers_alerts', __( '“Text me when it is back”', 'recado' ), $now ),
			self::wording( 'stock_alerts' ),
			self::end_of( 'recado_shoppers_alerts' ),
		);
	}

	private static function consent( string $purpose, string $title, string $words ): array {
		return array(
			'id'      => Checkout_Fields::CONSENTS[ $purpose ],
			'type'    => 'checkbox',
			'title'   => $title,
			'desc'    => $words,
			'default' => 'no',
		);
	}

	private static function wording( string $purpose ): array {
		return array(
			'id'          => Wording::OPTIONS[ $purpose ],
			'type'        => 'textarea',
			'title'       => __( 'Wording', 'recado' ),
			'desc_tip'    => __( 'What people agree to, kept as proof with each consent. {shop} becomes the shop\'s name. Empty: our words, in the language of the page.', 'recado' ),
			'placeholder' => Wording::ours( $purpose ),
			'default'     => '',
			'css'         => 'min-width: 50%; height: 5em;',
		);
	}

	private static function title_of( string $id, string $title, string $words ): array {
		return array(
			'id'    => $id,
			'type'  => 'title',
			'title' => $title,
			'desc'  => $words,
		);
	}

	private static function end_of( string $id ): array {
		return array(
			'id'   => $id,
			'type' => 'sectionend',
		);
	}
}
