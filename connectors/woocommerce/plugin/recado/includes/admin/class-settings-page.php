<?php
/**
 * WooCommerce > Settings > SMS.
 *
 * @package Recado
 */

namespace Recado\Admin;

defined( 'ABSPATH' ) || exit;

final class Settings_Page extends \WC_Settings_Page {

	/**
	 * By id.
	 *
	 * @var array<string, Section>
	 */
	private array $by_id = array();

	/**
	 * Made when WooCommerce builds its settings.
	 *
	 * @param Section[] $sections In their order.
	 */
	public function __construct( array $sections ) {
		$this->id    = Settings_Tab::PAGE;
		$this->label = __( 'SMS', 'recado' );
		foreach ( $sections as $section ) {
			$this->by_id[ $section->id() ] = $section;
		}
		parent::__construct();
	}

	protected function get_own_sections(): array {
		return array_map( static fn( Section $section ) => $section->title(), $this->by_id );
	}

	public function output(): void {
		$this->current()->render();
	}

	public function save(): void {
		$this->current()->save();
	}

	private function current(): Section {
		return $this->by_id[ (string) ( $GLOBALS['current_section'] ?? '' ) ] ?? reset( $this->by_id );
	}
}
