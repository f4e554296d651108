<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesModelServiceQuoteSubmitSuccess;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Recado\Sms\Model\Checkout\Verification;
use Recado\Sms\Model\Events\Quietly;

class RememberConfirmed implements ObserverInterface
{
    public function __construct(private readonly Verification $verification, private readonly Quietly $quietly)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->quietly->do(fn () => $this->verification->remember($observer->getEvent()->getQuote()));
    }
}
