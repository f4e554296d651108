<?php
/**
 * Orders and products as far as the plugin looks into them.
 */

declare( strict_types=1 );

class WC_DateTime extends DateTime {
}

class WC_Order {
	public array $of;
	public string $type = 'shop_order';

	public function __construct( array $of = array() ) {
		$this->of = $of + array(
			'id'         => 7,
			'status'     => 'processing',
			'number'     => '7',
			'total'      => '59.90',
			'parent_id'  => 0,
			'phone'      => '(11) 98765-4321',
			'first_name' => 'Maria',
			'meta'       => array(),
		);
		World::$orders[ $this->of['id'] ] = $this;
	}

	/**
	 * Getters by name; what a test has not set is empty.
	 */
	public function __call( string $name, array $arguments ) {
		$field = (string) preg_replace( '/^get_(billing_|order_)?/', '', $name );
		return $this->of[ $field ] ?? ( 'customer_id' === $field ? 0 : '' );
	}
	public function get_type(): string {
		return $this->type;
	}
	public function get_items(): array {
		return array( new class() { public function get_quantity(): int { return 2; } } );
	}
	public function get_date_created(): WC_DateTime {
		return new WC_DateTime( '@' . World::$now );
	}
	public function get_date_modified(): WC_DateTime {
		return new WC_DateTime( '@' . World::$now );
	}
	public function get_meta_data(): array {
		$all = array();
		foreach ( $this->of['meta'] as $key => $value ) {
			$all[] = (object) compact( 'key', 'value' );
		}
		return $all;
	}
	public function meta_exists( string $key ): bool {
		return isset( $this->of['meta'][ $key ] );
	}
	public function get_meta( string $key ) {
		return $this->of['meta'][ $key ] ?? '';
	}
	public function update_meta_data( string $key, $value ): void {
		$this->of['meta'][ $key ] = $value;
	}
	public function delete_meta_data( string $key ): void {
		unset( $this->of['meta'][ $key ] );
	}
	public function add_order_note( string $note ): void {
		$this->of['notes'][] = $note;
	}
	public function update_status( string $status ): void {
		$this->of['status'] = $status;
	}
}

final class WC_Order_Refund {
	private string $amount;
	public function __construct( int $id, string $amount ) {
		$this->amount          = $amount;
		World::$orders[ $id ] = $this;
	}
	public function get_amount(): string {
		return $this->amount;
	}
}

final class WC_Product {
	public array $of;
	public function __construct( array $of = array() ) {
		$this->of = $of + array(
			'id'             => 3,
			'type'           => 'simple',
			'status'         => 'publish',
			'name'           => 'Camiseta &amp; Cia',
			'permalink'      => 'https://loja.example/p/3',
			'stock_status'   => 'instock',
			'managing_stock' => true,
			'stock_quantity' => 5,
			'parent_id'      => 0,
			'changes'        => array(),
			'is_purchasable' => true,
		);
	}
	public function __call( string $name, array $arguments ) {
		return $this->of[ (string) preg_replace( '/^get_/', '', $name ) ];
	}
	public function is_type( $type ): bool {
		return in_array( $this->of['type'], (array) $type, true );
	}
	public function is_in_stock(): bool {
		return 'outofstock' !== $this->of['stock_status'];
	}
}

function wc_get_order( $id ) {
	return World::$orders[ (int) $id ] ?? false;
}
function wc_get_order_notes( array $wanted ): array {
	$notes = World::$orders[ $wanted['order_id'] ]->of['notes'] ?? array();
	return array_map( static fn( $content ) => (object) compact( 'content' ), $notes );
}
function wc_get_product( $id ) {
	return World::$products[ (int) $id ] ?? false;
}
function wc_get_order_statuses(): array {
	return array(
		'wc-pending'          => 'Pending payment',
		'wc-processing'       => 'Processing',
		'wc-ready-for-pickup' => 'Ready for pickup',
		'wc-at-the-tailor'    => 'At the tailor',
		'wc-checkout-draft'   => 'Draft',
	);
}
function wc_get_page_screen_id( string $of ): string {
	return 'woocommerce_page_wc-orders';
}
function wc_get_base_location(): array {
	return array( 'country' => World::$options['woocommerce_default_country'] ?? '' );
}
