<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class OrderConsent implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'implied', 'label' => __('Not needed: customers may say STOP at any time')],
            ['value' => 'opt_in', 'label' => __('Needed: only those are texted who agreed')],
        ];
    }
}
