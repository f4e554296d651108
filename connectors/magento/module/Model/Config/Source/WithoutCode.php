<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;
use Recado\Sms\Model\Checkout\Rule;

class WithoutCode implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => Rule::HOLD, 'label' => __('Take the order and put it on hold')],
            ['value' => Rule::ACCEPT, 'label' => __('Take the order')],
            ['value' => Rule::REFUSE, 'label' => __('Take no such order')],
        ];
    }
}
