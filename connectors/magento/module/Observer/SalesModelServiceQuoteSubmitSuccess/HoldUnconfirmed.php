<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesModelServiceQuoteSubmitSuccess;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Recado\Sms\Model\Checkout\Rule;
use Recado\Sms\Model\Checkout\Verification;
use Recado\Sms\Model\Events\Quietly;

/**
 * Where the shop wants that of orders whose number nobody has confirmed.
 */
class HoldUnconfirmed implements ObserverInterface
{
    private const UNCONFIRMED = [Verification::NO_MOBILE, Verification::NOT_SENT];

    public function __construct(
        private readonly Verification $verification,
        private readonly Rule $rule,
        private readonly OrderRepositoryInterface $orders,
        private readonly Quietly $quietly
    ) {
    }

    public function execute(Observer $observer): void
    {
        [$quote, $order] = [$observer->getEvent()->getQuote(), $observer->getEvent()->getOrder()];
        $this->quietly->do(function () use ($quote, $order): void {
            $standing = $this->verification->standing($quote);
            $isToHold = in_array($standing, self::UNCONFIRMED, true)
                && $this->rule->without($standing, $quote) === Rule::HOLD;
            if ($isToHold && $order->canHold()) {
                $this->orders->save($order->hold());
            }
        });
    }
}
