<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\CataloginventoryStockItemSaveAfter;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Stock\Watch;

/**
 * Where the multi-source inventory is switched off, this alone tells of stock.
 */
class MarkTouched implements ObserverInterface
{
    public function __construct(private readonly Watch $watch, private readonly Quietly $quietly)
    {
    }

    public function execute(Observer $observer): void
    {
        $item = $observer->getEvent()->getItem();
        $this->quietly->do(fn () => $this->watch->touchIds([(int)$item->getProductId()]));
    }
}
