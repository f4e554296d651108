<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Checkout;

use Magento\Quote\Api\Data\PaymentInterface;
use Magento\Quote\Api\PaymentMethodManagementInterface;
use Recado\Sms\Model\Checkout\Ticks;
use Recado\Sms\Model\Events\Quietly;

/**
 * What was ticked comes with the payment, as the checkout page and REST send one.
 */
class KeepConsents
{
    public function __construct(private readonly Ticks $ticks, private readonly Quietly $quietly)
    {
    }

    /**
     * @param int|string $cartId
     */
    public function beforeSet(PaymentMethodManagementInterface $subject, $cartId, PaymentInterface $method): void
    {
        $this->quietly->do(function () use ($cartId, $method) {
            $ticked = $method->getExtensionAttributes()?->getRecadoConsents();
            if ($ticked !== null) {
                $this->ticks->keep((int)$cartId, $ticked);
            }
        });
    }
}
