<?php
/**
 * A connected shop in which somebody shops.
 */

declare( strict_types=1 );

abstract class ShopperCase extends ShopTest {

	protected function setUp(): void {
		parent::setUp();
		Shopping::begin();
		World::$options['blogname'] = 'Loja &amp; Cia';
		$this->set( array( 'mode' => 6, 'alerts_enabled' => true, 'stock_managed' => true ) );
	}

	/**
	 * A sold-out product, known to the shop.
	 */
	protected function product( array $of = array() ): WC_Product {
		$product                             = new WC_Product( $of + array( 'stock_status' => 'outofstock' ) );
		World::$products[ $product->of['id'] ] = $product;
		return $product;
	}

	/**
	 * What the sidecar was asked by its API, as path and body.
	 *
	 * @return array<int, array{0: string, 1: array|null}>
	 */
	protected function asked(): array {
		return array_map(
			static fn( $call ) => array( substr( $call['url'], strlen( 'https://sms.example/api/v1' ) ), json_decode( (string) $call['body'], true ) ),
			World::$calls
		);
	}

	public function refuse( int $status, string $code ): void {
		World::answer( $status, array( 'code' => $code, 'detail' => 'No.' ) );
	}

	protected function request( array $body ): WP_REST_Request {
		return new WP_REST_Request( array(), (string) json_encode( $body ) );
	}
}
