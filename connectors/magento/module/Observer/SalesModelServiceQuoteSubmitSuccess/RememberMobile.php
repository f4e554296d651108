<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesModelServiceQuoteSubmitSuccess;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Events\Quietly;

class RememberMobile implements ObserverInterface
{
    public function __construct(private readonly NumberForTexts $number, private readonly Quietly $quietly)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->quietly->do(fn () => $this->number->remember($observer->getEvent()->getQuote()));
    }
}
