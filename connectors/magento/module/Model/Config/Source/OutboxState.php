<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;

class OutboxState implements OptionSourceInterface
{
    public function toOptionArray(): array
    {
        return [
            ['value' => 'waiting', 'label' => __('Waiting')],
            ['value' => 'sent', 'label' => __('Told')],
            ['value' => 'dropped', 'label' => __('Nothing to tell any more')],
            ['value' => 'dead', 'label' => __('Given up')],
        ];
    }
}
