<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class AlertConfirmation implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'link', 'label' => __('By a link in a text')],
            ['value' => 'code', 'label' => __('By a code in a text')],
        ];
    }
}
