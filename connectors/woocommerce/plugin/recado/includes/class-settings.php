<?php
/**
 * The settings of this shop as the sidecar last told them. The sidecar's are the true ones; pages read these, at no
 * cost: one small option that WordPress loads anyway.
 *
 * @package Recado
 */

namespace Recado;

defined( 'ABSPATH' ) || exit;

final class Settings {

	public const OPTION = 'recado_settings';

	private const MODES_WITH_ALERTS = array( 4, 5, 6 );

	/**
	 * As kept: settings, shop, at.
	 *
	 * @var array<string, mixed>|null
	 */
	private ?array $kept = null;

	/**
	 * One setting by the sidecar's name, such as "mode" or "alerts_enabled".
	 *
	 * @param string $name     Its name.
	 * @param mixed  $fallback Where it has never been heard of.
	 * @return mixed
	 */
	public function get( string $name, $fallback = null ) {
		return $this->all()[ $name ] ?? $fallback;
	}

	/**
	 * All settings.
	 *
	 * @return array<string, mixed> Empty while nothing has been heard.
	 */
	public function all(): array {
		return (array) ( $this->kept()['settings'] ?? array() );
	}

	/**
	 * What the sidecar last said of the shop itself: name, sending, billing, balance ...
	 *
	 * @return array<string, mixed>
	 */
	public function shop(): array {
		return (array) ( $this->kept()['shop'] ?? array() );
	}

	/**
	 * Whether the shop is connected, as of the last time the sidecar was heard.
	 */
	public function is_connected(): bool {
		return (bool) $this->kept();
	}

	public function mode(): int {
		return (int) $this->get( 'mode', 0 );
	}

	/**
	 * Whether customers may ask to be told when a product is back.
	 */
	public function offers_alerts(): bool {
		return in_array( $this->mode(), self::MODES_WITH_ALERTS, true )
			&& $this->get( 'alerts_enabled', false )
			&& $this->get( 'stock_managed', false );
	}

	public function heard_at(): int {
		return (int) ( $this->kept()['at'] ?? 0 );
	}

	public function keep( array $settings, array $shop ): void {
		$this->kept = array(
			'settings' => $settings,
			'shop'     => $shop,
			'at'       => time(),
		);
		update_option( self::OPTION, $this->kept, true );
	}

	public function forget(): void {
		$this->kept = array();
		delete_option( self::OPTION );
	}

	private function kept(): array {
		$this->kept = $this->kept ?? (array) get_option( self::OPTION, array() );
		return $this->kept;
	}
}
