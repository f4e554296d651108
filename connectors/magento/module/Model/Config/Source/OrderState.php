<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;
use Magento\Sales\Model\Order;

/**
 * The states in which an order may be seen first. Statuses under them are the merchant's own; states are Magento's.
 */
class OrderState implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => Order::STATE_NEW, 'label' => __('New')],
            ['value' => Order::STATE_PENDING_PAYMENT, 'label' => __('Waiting for payment')],
            ['value' => Order::STATE_PAYMENT_REVIEW, 'label' => __('Payment under review')],
            ['value' => Order::STATE_PROCESSING, 'label' => __('Processing')],
            ['value' => Order::STATE_COMPLETE, 'label' => __('Complete')],
        ];
    }
}
