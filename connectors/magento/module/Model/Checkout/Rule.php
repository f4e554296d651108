<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Quote\Model\Quote;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\ResourceModel\Order\CollectionFactory;
use Recado\Sms\Model\Config;

/**
 * Whose number has to be confirmed by a code, and what becomes of an order without: the shop's choice. Nothing to pay
 * needs no code.
 */
class Rule
{
    public const HOLD = 'hold';
    public const ACCEPT = 'accept';
    public const REFUSE = 'refuse';
    private const PAID_AT_THE_DOOR = ['cashondelivery', 'cod'];
    private const KNOWN_BY = [Order::STATE_PROCESSING, Order::STATE_COMPLETE];

    public function __construct(private readonly Config $config, private readonly CollectionFactory $orders)
    {
    }

    public function wantsCode(Quote $quote): bool
    {
        $total = (float)$quote->getBaseGrandTotal();
        $from = $this->fromAmount($quote);
        return $this->config->mode($quote->getStoreId()) > 0 && $total > 0 && (
            $this->wantsCodeOf($quote)
            || ($from !== null && $total >= $from)
            || ($this->wantsCodeAtTheDoor($quote) && $this->isPaidAtTheDoor($quote))
        );
    }

    /**
     * Whatever is paid, and how.
     */
    public function wantsCodeOf(Quote $quote): bool
    {
        return $this->isChosen('always', $quote) || ($this->isChosen('new_customers', $quote) && $this->isNew($quote));
    }

    public function wantsCodeAtTheDoor(Quote $quote): bool
    {
        return $this->isChosen('cash_on_delivery', $quote);
    }

    /**
     * @return float|null in the store's base currency; null where no amount matters
     */
    public function fromAmount(Quote $quote): ?float
    {
        return $this->isChosen('from_amount', $quote)
            ? (float)$this->config->value('checkout/verification_amount', $quote->getStoreId()) : null;
    }

    /**
     * @return string[]
     */
    public function paidAtTheDoor(): array
    {
        return self::PAID_AT_THE_DOOR;
    }

    /**
     * hold, accept or refuse.
     */
    public function without(string $standing, Quote $quote): string
    {
        $choice = $this->config->value("checkout/verification_$standing", $quote->getStoreId());
        return in_array($choice, [self::ACCEPT, self::REFUSE], true) ? $choice : self::HOLD;
    }

    /**
     * A customer is known by an order that was paid. A guest is not: anybody could type a known one's address.
     */
    private function isNew(Quote $quote): bool
    {
        $customerId = (int)$quote->getCustomerId();
        return !$customerId || !$this->orders->create()
            ->addFieldToFilter('customer_id', $customerId)
            ->addFieldToFilter('state', ['in' => self::KNOWN_BY])
            ->setPageSize(1)
            ->getSize();
    }

    private function isPaidAtTheDoor(Quote $quote): bool
    {
        return in_array($quote->getPayment()->getMethod(), self::PAID_AT_THE_DOOR, true);
    }

    private function isChosen(string $when, Quote $quote): bool
    {
        return in_array($when, explode(',', $this->config->value('checkout/verification', $quote->getStoreId())), true);
    }
}
