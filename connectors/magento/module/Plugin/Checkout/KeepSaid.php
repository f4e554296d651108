<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Checkout;

use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Api\Data\PaymentInterface;
use Magento\Quote\Api\PaymentMethodManagementInterface;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Checkout\Ticks;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Events\Quietly;

/**
 * What was ticked, and the number for texts, come with the payment, as the checkout page and REST send one.
 */
class KeepSaid
{
    public function __construct(
        private readonly Ticks $ticks,
        private readonly NumberForTexts $number,
        private readonly Config $config,
        private readonly Quietly $quietly
    ) {
    }

    /**
     * @param int|string $cartId
     * @throws LocalizedException where the number can be none
     */
    public function beforeSet(PaymentMethodManagementInterface $subject, $cartId, PaymentInterface $method): void
    {
        $ticked = $method->getExtensionAttributes()?->getRecadoConsents();
        if ($ticked !== null) {
            $this->quietly->do(fn () => $this->ticks->keep((int)$cartId, $ticked));
        }
        $mobile = $method->getExtensionAttributes()?->getRecadoMobile();
        if ($mobile !== null && $this->config->asksMobile()) {
            $this->number->check($mobile);
            $this->quietly->do(fn () => $this->number->give((int)$cartId, $mobile));
        }
    }
}
