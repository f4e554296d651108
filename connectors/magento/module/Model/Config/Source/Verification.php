<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class Verification implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'cash_on_delivery', 'label' => __('When it is paid at the door')],
            ['value' => 'new_customers', 'label' => __('Of new customers and guests')],
            ['value' => 'from_amount', 'label' => __('From an amount on')],
            ['value' => 'always', 'label' => __('Always')],
        ];
    }
}
