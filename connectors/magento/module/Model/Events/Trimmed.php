<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

/**
 * Orders, shipments and credit memos as REST shows them, cut down to what texts are made of.
 */
class Trimmed
{
    private const ORDER = [
        'entity_id', 'increment_id', 'state', 'status', 'store_id', 'created_at', 'updated_at', 'customer_id',
        'customer_is_guest', 'customer_firstname', 'customer_lastname', 'grand_total', 'total_refunded',
        'order_currency_code', 'is_virtual', 'relation_parent_id', 'relation_parent_real_id', 'relation_child_id',
        'relation_child_real_id',
    ];
    private const ADDRESS = [
        'firstname', 'lastname', 'telephone', 'country_id', 'region', 'region_code', 'postcode', 'city',
    ];
    private const ITEM = [
        'item_id', 'parent_item_id', 'product_id', 'product_type', 'sku', 'name', 'qty_ordered',
    ];
    private const SHIPMENT = ['entity_id', 'increment_id', 'order_id', 'created_at'];
    private const TRACK = ['entity_id', 'track_number', 'title', 'carrier_code', 'created_at'];
    private const CREDITMEMO = [
        'entity_id', 'increment_id', 'order_id', 'created_at', 'grand_total', 'order_currency_code',
    ];

    /**
     * @param array<string, mixed> $order
     * @return array<string, mixed>
     */
    public function order(array $order): array
    {
        $shipping = $order['extension_attributes']['shipping_assignments'][0]['shipping'] ?? [];
        return array_filter([
            ...$this->only($order, self::ORDER),
            'billing_address' => $this->only($order['billing_address'] ?? [], self::ADDRESS),
            'payment' => $this->only($order['payment'] ?? [], ['method']),
            'items' => array_map(fn (array $item) => $this->only($item, self::ITEM), $order['items'] ?? []),
            'extension_attributes' => [
                'shipping_assignments' => [['shipping' => $this->shipping($shipping)]],
                ...$this->only($order['extension_attributes'] ?? [], ['recado_mobile']),
            ],
        ], fn ($value) => $value !== []);
    }

    /**
     * With the one track the event is about, or none.
     *
     * @param array<string, mixed> $shipment
     * @return array<string, mixed>
     */
    public function shipment(array $shipment, int $trackId): array
    {
        $tracks = array_filter($shipment['tracks'] ?? [], fn (array $track) => (int)$track['entity_id'] === $trackId);
        $short = array_map(fn (array $track) => $this->only($track, self::TRACK), array_values($tracks));
        return [...$this->only($shipment, self::SHIPMENT), 'tracks' => $short];
    }

    /**
     * @param array<string, mixed> $creditmemo
     * @return array<string, mixed>
     */
    public function creditmemo(array $creditmemo): array
    {
        return $this->only($creditmemo, self::CREDITMEMO);
    }

    /**
     * A virtual order has an assignment, but no address.
     *
     * @param array<string, mixed> $shipping
     * @return array<string, mixed>
     */
    private function shipping(array $shipping): array
    {
        $address = $this->only($shipping['address'] ?? [], self::ADDRESS);
        return [...$this->only($shipping, ['method']), ...($address ? ['address' => $address] : [])];
    }

    /**
     * @param array<string, mixed> $all
     * @param string[] $wanted
     * @return array<string, mixed>
     */
    private function only(array $all, array $wanted): array
    {
        return array_filter(array_intersect_key($all, array_flip($wanted)), fn ($value) => $value !== null);
    }
}
