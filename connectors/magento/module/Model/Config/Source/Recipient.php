<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class Recipient implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'buyer', 'label' => __('The buyer')],
            ['value' => 'receiver', 'label' => __('The receiver named in the delivery address')],
        ];
    }
}
