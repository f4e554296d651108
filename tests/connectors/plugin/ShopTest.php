<?php
/**
 * A connected shop, with the plugin's own parts.
 */

declare( strict_types=1 );

use PHPUnit\Framework\TestCase;
use Recado\Plugin;

abstract class ShopTest extends TestCase {
	protected const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

	protected Plugin $plugin;

	protected function setUp(): void {
		World::reset();
		$GLOBALS['wpdb'] = new wpdb();
		$this->plugin    = ( new ReflectionClass( Plugin::class ) )->newInstanceWithoutConstructor();
		$this->plugin->connection()->save(
			array(
				'address'       => 'https://sms.example',
				'token'         => 'rct_token',
				'shop_id'       => 'shop_1',
				'events_secret' => self::SECRET,
			)
		);
		$this->set( array() );
	}

	/**
	 * The sidecar's settings as last heard.
	 */
	protected function set( array $settings ): void {
		$this->plugin->settings()->keep( $settings + array( 'mode' => 3 ), array( 'name' => 'Ana' ) );
	}

	/**
	 * Everything in the outbox, oldest first.
	 *
	 * @return object[]
	 */
	protected function rows(): array {
		return $GLOBALS['wpdb']->get_results( 'SELECT * FROM wp_recado_outbox ORDER BY id' );
	}

	/**
	 * What has been told, as type and data.
	 */
	protected function told(): array {
		return array_map( static fn( $row ) => json_decode( $row->body, true ), $this->rows() );
	}

	/**
	 * @return string[]
	 */
	protected function types(): array {
		return array_column( $this->told(), 'type' );
	}
}
