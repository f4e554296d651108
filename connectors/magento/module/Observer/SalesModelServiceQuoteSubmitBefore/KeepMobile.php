<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesModelServiceQuoteSubmitBefore;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Events\Quietly;

/**
 * With the order, in the transaction that makes it. One that staff make anew to edit it keeps the number it had.
 */
class KeepMobile implements ObserverInterface
{
    public function __construct(
        private readonly NumberForTexts $number,
        private readonly OrderRepositoryInterface $orders,
        private readonly Quietly $quietly
    ) {
    }

    public function execute(Observer $observer): void
    {
        [$quote, $order] = [$observer->getEvent()->getQuote(), $observer->getEvent()->getOrder()];
        $this->quietly->do(function () use ($quote, $order): void {
            $mobile = $this->number->mobile($quote) ?: $this->before($order);
            if ($mobile !== '') {
                $order->setData(NumberForTexts::MOBILE, $mobile);
            }
        });
    }

    private function before(Order $order): string
    {
        $parent = $order->getRelationParentId();
        return $parent ? (string)$this->orders->get($parent)->getData(NumberForTexts::MOBILE) : '';
    }
}
