<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesOrderShipmentTrackSaveAfter;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Events\Recorder;

class RecordTrack implements ObserverInterface
{
    public function __construct(private readonly Recorder $recorder, private readonly Quietly $quietly)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->quietly->do(fn () => $this->recorder->track($observer->getEvent()->getTrack()));
    }
}
