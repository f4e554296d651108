<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;
use Magento\Framework\Phrase;

/**
 * The texts that are sent by themselves, by their keys in the sidecar.
 */
class Text implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        $texts = $this->labels();
        return array_map(
            fn (string $key) => ['value' => $key, 'label' => $texts[$key]],
            array_keys($texts)
        );
    }

    /**
     * Of any text: a shop may have some of its own.
     */
    public function label(string $key): string
    {
        return (string)($this->labels()[$key] ?? ucfirst(str_replace('_', ' ', $key)));
    }

    /**
     * @return array<string, Phrase>
     */
    private function labels(): array
    {
        return [
            'order_placed' => __('Order placed'),
            'order_pending' => __('Order pending'),
            'order_processing' => __('Order being prepared'),
            'order_on_hold' => __('Order on hold'),
            'order_payment_review' => __('Payment under review'),
            'order_completed' => __('Order complete'),
            'order_cancelled' => __('Order cancelled'),
            'order_refunded' => __('Order refunded'),
            'order_part_refunded' => __('Order refunded in part'),
            'order_failed' => __('Payment failed'),
            'order_status' => __('Any other status'),
            'order_shipped' => __('Parcel sent'),
            'customer_note' => __('Note to the customer'),
            'product_available' => __('Product is back'),
        ];
    }
}
