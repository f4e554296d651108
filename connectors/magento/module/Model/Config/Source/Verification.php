<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class Verification implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'never', 'label' => __('Never')],
            ['value' => 'cash_on_delivery', 'label' => __('When it is paid at the door')],
            ['value' => 'always', 'label' => __('Always')],
        ];
    }
}
