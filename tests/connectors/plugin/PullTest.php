<?php
declare( strict_types=1 );

use Recado\Outbox\Pull_Route;
use Recado\Outbox\Signature;

final class PullTest extends ShopTest {

	private function ask( array $asked ): array {
		$body    = (string) json_encode( $asked );
		$request = new WP_REST_Request( Signature::headers( 'pull_1', World::$now, $body, self::SECRET ), $body );
		$route   = new Pull_Route( $this->plugin );
		$this->assertTrue( $route->is_the_sidecar( $request ) );
		return $route->hand_out( $request )->data;
	}

	public function test_the_oldest_are_handed_out_as_they_would_be_posted_and_none_is_marked(): void {
		foreach ( array( 1, 2, 3 ) as $number ) {
			$this->plugin->outbox()->add( "{\"n\":$number}" );
		}
		$told = $this->ask( array( 'take' => 2, 'done' => array() ) );
		$this->assertSame( array( '{"n":1}', '{"n":2}' ), array_column( $told['events'], 'body' ) );
		$this->assertSame( array( 1, '1.0.0' ), array( $told['left'], $told['plugin'] ) );
		$this->assertSame( $told, $this->ask( array( 'take' => 2 ) ) );
	}

	public function test_what_the_sidecar_has_is_not_handed_out_again_nor_posted(): void {
		$this->plugin->outbox()->add( '{"n":1}' );
		$this->plugin->outbox()->add( '{"n":2}' );
		$first = $this->rows()[0]->event_id;
		$told  = $this->ask( array( 'take' => 50, 'done' => array( $first, 'evt_other', 5, null ) ) );
		$this->assertSame( array( '{"n":2}' ), array_column( $told['events'], 'body' ) );
		World::answer( 202 );
		$this->plugin->delivery()->run( 5 );
		$this->assertSame( array( '{"n":2}' ), array_column( World::$calls, 'body' ) );
	}

	public function test_an_event_that_is_resting_after_a_failure_can_be_fetched(): void {
		$this->plugin->outbox()->add( '{"n":1}' );
		$this->plugin->delivery()->run( 5 );
		$this->assertCount( 1, $this->ask( array( 'take' => 50 ) )['events'] );
	}

	public function test_nonsense_is_asked_in_vain_and_breaks_nothing(): void {
		$this->plugin->outbox()->add( '{}' );
		foreach ( array( array( 'take' => -5 ), array( 'take' => array() ), array( 'done' => 'x' ), array() ) as $asked ) {
			$this->assertLessThanOrEqual( 1, count( $this->ask( $asked )['events'] ) );
		}
	}

	/**
	 * @dataProvider forgeries
	 */
	public function test_nobody_else_is_let_in( callable $forge ): void {
		$body    = '{"take":50}';
		$headers = Signature::headers( 'pull_1', World::$now, $body, self::SECRET );
		list( $headers, $body ) = $forge( $headers, $body );
		$refused = ( new Pull_Route( $this->plugin ) )->is_the_sidecar( new WP_REST_Request( $headers, $body ) );
		$this->assertInstanceOf( WP_Error::class, $refused );
		$this->assertSame( 401, $refused->data['status'] );
	}

	public static function forgeries(): array {
		return array(
			'nothing'        => array( static fn( $headers, $body ) => array( array(), $body ) ),
			'another body'   => array( static fn( $headers, $body ) => array( $headers, '{"take":51}' ) ),
			'another id'     => array( static fn( $headers, $body ) => array( array( 'webhook-id' => 'x' ) + $headers, $body ) ),
			'another secret' => array( static fn( $headers, $body ) => array( Signature::headers( 'pull_1', 1764000000, $body, 'whsec_AAAA' ), $body ) ),
			'too old'        => array( static fn( $headers, $body ) => array( Signature::headers( 'pull_1', 1764000000 - 301, $body, self::SECRET ), $body ) ),
			'too new'        => array( static fn( $headers, $body ) => array( Signature::headers( 'pull_1', 1764000000 + 301, $body, self::SECRET ), $body ) ),
		);
	}

	public function test_a_shop_without_a_secret_lets_nobody_in(): void {
		$this->plugin->connection()->forget();
		$signed = Signature::headers( 'pull_1', World::$now, '{}', '' );
		$this->assertInstanceOf( WP_Error::class, ( new Pull_Route( $this->plugin ) )->is_the_sidecar( new WP_REST_Request( $signed, '{}' ) ) );
	}

	/**
	 * The example of the Standard Webhooks' own libraries.
	 */
	public function test_signatures_are_those_of_everybody_else(): void {
		$signed = Signature::headers( 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', self::SECRET );
		$this->assertSame( 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $signed['webhook-signature'] );
		$signed['webhook-signature'] = 'v1,AAAA ' . $signed['webhook-signature'];
		$this->assertTrue( Signature::is_genuine( $signed, '{"test": 2432232314}', self::SECRET, 1614265330 ) );
	}
}
