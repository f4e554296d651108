<?php
declare( strict_types=1 );

use Recado\Connection;
use Recado\Log;

final class ConnectionTest extends ShopTest {

	private const CODE = 'https://sms.example/base#rct_0123456789abcdefghij-_';

	private function standing( array $more = array() ): array {
		return $more + array( 'shop_id' => 'shop_2', 'name' => 'Bia', 'events_secret' => 'whsec_BBBB', 'feeds' => array(), 'settings' => array( 'mode' => 2, 'stock_managed' => false ) );
	}

	public function test_one_code_connects_and_the_secrets_lie_sealed_and_are_not_loaded_with_every_page(): void {
		World::answer( 200, $this->standing() );
		$this->assertTrue( $this->plugin->hearing()->connect( ' ' . self::CODE . "\n" )->is_ok() );
		$fresh = new Connection();
		$this->assertSame( array( 'https://sms.example/base', 'shop_2', 'whsec_BBBB' ), array( $fresh->address(), $fresh->shop_id(), $fresh->events_secret() ) );
		$this->assertStringNotContainsString( 'rct_', json_encode( World::$options ) );
		$this->assertStringNotContainsString( 'whsec_', json_encode( World::$options ) );
		$this->assertFalse( World::$autoloaded[ Connection::OPTION ] );
		$this->assertSame( 2, $this->plugin->settings()->mode() );
	}

	public function test_what_nobody_has_set_yet_is_taken_from_the_shop_and_what_is_set_stays(): void {
		World::$options += array( 'blogname' => 'Caf&eacute; da Ana', 'timezone_string' => 'America/Sao_Paulo', 'WPLANG' => 'pt_PT', 'woocommerce_default_country' => 'BR' );
		World::answer( 200, $this->standing( array( 'settings' => array( 'mode' => 0, 'sender' => '', 'country' => 'PT', 'timezone' => 'UTC', 'locale' => 'en' ) ) ) );
		$this->plugin->hearing()->connect( self::CODE );
		$saved = json_decode( World::$calls[1]['body'], true );
		$this->assertSame( array( 'sender' => 'Café da Ana', 'timezone' => 'America/Sao_Paulo', 'locale' => 'pt_BR', 'stock_managed' => false ), $saved );
	}

	public function test_a_shop_that_knows_nothing_of_itself_changes_nothing(): void {
		World::answer( 200, $this->standing() );
		$this->plugin->hearing()->connect( self::CODE );
		$this->assertSame( array( 'stock_managed' => false ), json_decode( World::$calls[1]['body'], true ) );
	}

	public function test_a_code_that_does_not_work_leaves_the_connection_as_it_was(): void {
		World::answer( 401, array( 'code' => 'unauthorized', 'detail' => 'No.' ) );
		$this->assertSame( 'unauthorized', $this->plugin->hearing()->connect( self::CODE )->code );
		$this->assertSame( 'https://sms.example', ( new Connection() )->address() );
		$this->assertSame( 'unreachable', $this->plugin->hearing()->connect( self::CODE )->code );
		$this->assertSame( 'rct_token', ( new Connection() )->token() );
	}

	/**
	 * @dataProvider no_codes
	 */
	public function test_what_is_no_code_calls_nobody( string $code ): void {
		$this->assertSame( 'bad_code', $this->plugin->hearing()->connect( $code )->code );
		$this->assertSame( array(), World::$calls );
	}

	public static function no_codes(): array {
		return array( array( '' ), array( 'rct_0123456789abcdefghij' ), array( 'https://sms.example' ), array( 'ftp://sms.example#rct_0123456789abcdefghij' ), array( 'https://user@sms.example#rct_0123456789abcdefghij' ), array( 'https://sms.example#rct_0123456789abcdefghij x' ) );
	}

	public function test_other_keys_in_wp_config_make_a_shop_that_is_not_connected(): void {
		World::$salt = 'another';
		$this->assertFalse( ( new Connection() )->is_made() );
	}

	public function test_settings_that_were_not_saved_are_not_kept_and_what_the_shop_knows_goes_along(): void {
		World::$options['woocommerce_manage_stock'] = 'yes';
		$this->assertTrue( $this->plugin->hearing()->save( array( 'sender' => 'X' ) )->is_unreachable() );
		$this->assertNull( $this->plugin->settings()->get( 'sender' ) );
		World::answer( 200, array( 'sender' => 'X', 'mode' => 3 ) );
		$this->plugin->hearing()->save( array( 'sender' => 'X' ) );
		$this->assertSame( 'X', $this->plugin->settings()->get( 'sender' ) );
		$this->assertSame( array( 'sender' => 'X', 'stock_managed' => true ), json_decode( World::$calls[1]['body'], true ) );
	}

	public function test_a_person_waits_five_seconds_at_most_and_whatever_comes_back_is_an_answer(): void {
		foreach ( array( '<html>', '[]', '{"code":"x"}', '' ) as $body ) {
			World::answer( 500, $body );
			$answer = $this->plugin->sidecar()->get( '/shop' );
			$this->assertFalse( $answer->is_ok() );
			$this->assertNotSame( '', $answer->sentence );
		}
		World::answer( 200, '<html>' );
		$this->assertFalse( $this->plugin->sidecar()->get( '/shop' )->is_ok() );
		$this->assertSame( array( 5 ), array_unique( array_column( World::$calls, 'timeout' ) ) );
		$this->assertSame( array( 0 ), array_unique( array_column( World::$calls, 'redirection' ) ) );
	}

	public function test_a_shop_that_is_not_connected_calls_nobody(): void {
		$this->plugin->connection()->forget();
		$this->assertSame( 'not_connected', $this->plugin->sidecar()->get( '/shop' )->code );
		$this->assertSame( array(), World::$calls );
	}

	public function test_settings_are_one_small_option(): void {
		$this->set( array( 'sender' => 'A' ) );
		$this->set( array( 'sender' => 'B' ) );
		$loaded = array_keys( array_filter( World::$autoloaded ) );
		$this->assertSame( array( 'recado_settings' ), $loaded );
	}

	/**
	 * @dataProvider lines
	 */
	public function test_the_log_holds_no_numbers_and_no_secrets( string $line, string $kept ): void {
		$this->assertSame( $kept, Log::without_secrets( $line ) );
	}

	public static function lines(): array {
		return array(
			array( 'to +55 (11) 98765-4321 now', 'to …21 now' ),
			array( 'to 5511987654321', 'to …21' ),
			array( 'order 123456 is fine', 'order 123456 is fine' ),
			array( 'evt_0193a2b4c5d61234567890123456', 'evt_0193a2b4c5d61234567890123456' ),
			array( 'Bearer rct_abc-DEF_123, whsec_AAA+/=', 'Bearer rct_…, whsec_…' ),
		);
	}
}
