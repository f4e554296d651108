<?php
/**
 * The texts this shop sends by itself, each with a switch, as it reads about the latest order, and in words of the
 * shop's own.
 *
 * @package Recado
 */

namespace Recado\Admin;

use Recado\Plugin;

defined( 'ABSPATH' ) || exit;

final class Texts_Section implements Section {

	private Plugin $plugin;

	/**
	 * What could not be saved stays ticked as it was; null where nothing was tried.
	 *
	 * @var string[]|null
	 */
	private ?array $unsaved = null;

	public function __construct( Plugin $plugin ) {
		$this->plugin = $plugin;
	}

	public function id(): string {
		return 'texts';
	}

	public function title(): string {
		return __( 'Texts', 'recado' );
	}

	public function render(): void {
		if ( ! $this->plugin->connection()->is_made() ) {
			Not_Connected::render();
			return;
		}
		$off = $this->unsaved ?? (array) $this->plugin->settings()->get( 'texts_off', array() );
		echo '<h2>' . esc_html__( 'Texts', 'recado' ) . '</h2><p>';
		esc_html_e( 'These leave by themselves where the mode says so. A text in words of your own leaves once the operator of the sidecar has approved it.', 'recado' );
		echo '</p><table class="widefat striped recado-texts"><thead><tr><th scope="col">' . esc_html__( 'On', 'recado' ) . '</th><th scope="col">';
		echo esc_html__( 'When', 'recado' ) . '</th><th scope="col">' . esc_html__( 'Text', 'recado' ) . '</th></tr></thead><tbody>';
		foreach ( Words::automatic_texts() as $key => $label ) {
			self::render_row( $key, $label, ! in_array( $key, $off, true ) );
		}
		echo '</tbody></table><p class="description" id="recado-preview-about"></p>';
	}

	public function save(): void {
		$posted = Fields::posted();
		if ( ! isset( $posted['texts'] ) ) {
			return;
		}
		$shown = array_keys( Words::automatic_texts() );
		$on    = array_map( 'sanitize_key', (array) $posted['texts'] );
		$kept  = array_diff( (array) $this->plugin->settings()->get( 'texts_off', array() ), $shown );
		$off   = array_values( array_merge( $kept, array_diff( $shown, $on ) ) );
		$saved = $this->plugin->hearing()->save( array( 'texts_off' => $off ) );
		if ( ! $saved->is_ok() ) {
			$this->unsaved = $off;
			\WC_Admin_Settings::add_error( Words::refusal( $saved ) . ' ' . __( 'Nothing was saved; your ticks are still here.', 'recado' ) );
		}
	}

	private static function render_row( string $key, string $label, bool $is_on ): void {
		printf(
			'<tr data-text="%1$s"><td><input type="checkbox" name="%2$s[texts][]" value="%1$s" id="recado-text-%1$s"%3$s></td>
			<th scope="row"><label for="recado-text-%1$s">%4$s</label></th>
			<td><p class="recado-bubble">…</p><p class="recado-meta"></p>
			<p><button type="button" class="button-link recado-reword">%5$s</button> <span class="recado-state"></span></p></td></tr>',
			esc_attr( $key ),
			esc_attr( Fields::NAME ),
			checked( $is_on, true, false ),
			esc_html( $label ),
			esc_html__( 'In your own words', 'recado' )
		);
	}
}
