<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Magento\Quote\Api\CartRepositoryInterface;
use Magento\Quote\Model\MaskedQuoteIdToQuoteIdInterface;
use Magento\Quote\Model\Quote;
use Recado\Sms\Api\CheckoutInterface;
use Recado\Sms\Model\Checkout\Ticks;
use Recado\Sms\Model\Checkout\Verification;

class Checkout implements CheckoutInterface
{
    public function __construct(
        private readonly Verification $verification,
        private readonly Ticks $ticks,
        private readonly MaskedQuoteIdToQuoteIdInterface $unmasked,
        private readonly CartRepositoryInterface $carts
    ) {
    }

    public function sendCode(string $cartId, ?string $number = null)
    {
        return $this->verification->send($this->cart($cartId), (string)$number);
    }

    public function checkCode(string $cartId, string $code)
    {
        $this->verification->check($this->cart($cartId), $code);
        return true;
    }

    public function tick(string $cartId, array $purposes)
    {
        $this->ticks->keep((int)$this->cart($cartId)->getId(), $purposes);
        return true;
    }

    private function cart(string $cartId): Quote
    {
        return $this->carts->getActive($this->unmasked->execute($cartId));
    }
}
