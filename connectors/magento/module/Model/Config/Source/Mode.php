<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class Mode implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        $names = [
            __('0 - Disabled: only the Test button sends'),
            __('1 - Manual: you send from the order page'),
            __('2 - New order: a thank-you when an order is placed'),
            __('3 - Status change: the thank-you, and a text at every change of status'),
            __('4 - Manual, and product availability'),
            __('5 - New order, and product availability'),
            __('6 - Status change, and product availability'),
        ];
        return array_map(
            fn (int $mode) => ['value' => (string)$mode, 'label' => $names[$mode]],
            array_keys($names)
        );
    }
}
