<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Source;

use Magento\Framework\Data\OptionSourceInterface;
use Magento\Sales\Model\ResourceModel\Order\Status\CollectionFactory;

/**
 * All statuses, the merchant's own included.
 */
class OrderStatus implements OptionSourceInterface
{
    public function __construct(private readonly CollectionFactory $statuses)
    {
    }

    public function toOptionArray(): array
    {
        return $this->statuses->create()->toOptionArray();
    }
}
