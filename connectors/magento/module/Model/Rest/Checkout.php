<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Api\CartRepositoryInterface;
use Magento\Quote\Model\MaskedQuoteIdToQuoteIdInterface;
use Magento\Quote\Model\Quote;
use Recado\Sms\Api\CheckoutInterface;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Checkout\Ticks;
use Recado\Sms\Model\Checkout\Verification;
use Recado\Sms\Model\Config;

class Checkout implements CheckoutInterface
{
    public function __construct(
        private readonly Verification $verification,
        private readonly Ticks $ticks,
        private readonly NumberForTexts $number,
        private readonly Config $config,
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

    public function giveMobile(string $cartId, string $number)
    {
        $cart = $this->cart($cartId);
        if (!$this->config->asksMobile($cart->getStoreId())) {
            throw new LocalizedException(__('This shop does not ask for a mobile number for texts.'));
        }
        $this->number->give((int)$cart->getId(), $number);
        return true;
    }

    private function cart(string $cartId): Quote
    {
        return $this->carts->getActive($this->unmasked->execute($cartId));
    }
}
