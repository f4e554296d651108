<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class OrderStatusOrNone implements OptionSourceInterface
{
    public function __construct(private readonly OrderStatus $statuses)
    {
    }

    public function toOptionArray(): array
    {
        return [['value' => '', 'label' => __('Only a note on the order')], ...$this->statuses->toOptionArray()];
    }
}
