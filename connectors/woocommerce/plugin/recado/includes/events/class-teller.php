<?php
/**
 * Puts what happened into the envelope the sidecar reads, and into the outbox.
 *
 * @package Recado
 */

namespace Recado\Events;

use Recado\Outbox\Outbox;
use Recado\Settings;

defined( 'ABSPATH' ) || exit;

final class Teller {

	private Outbox $outbox;
	private Settings $settings;

	public function __construct( Outbox $outbox, Settings $settings ) {
		$this->outbox   = $outbox;
		$this->settings = $settings;
	}

	/**
	 * Tells of something that happened, as it is in this moment.
	 *
	 * @param string $type     Such as order.updated.
	 * @param array  $data     What it is about.
	 * @param string $once_key What is told once only, however often it is noticed; empty for what may repeat.
	 */
	public function tell( string $type, array $data, string $once_key = '' ): void {
		if ( ! $this->settings->is_connected() ) {
			return;
		}
		$body = wp_json_encode( compact( 'type', 'data' ) );
		if ( false !== $body ) {
			$this->outbox->add( $body, $once_key );
		}
	}
}
