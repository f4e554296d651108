<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Checkout;

use Magento\Framework\Exception\LocalizedException;
use Magento\Multishipping\Model\Checkout\Type\Multishipping;
use Recado\Sms\Model\Checkout\Verification;

/**
 * The checkout to several addresses has no place to ask for a code, and is no way past it either.
 */
class WantConfirmedNumberOfMany
{
    public function __construct(private readonly Verification $verification)
    {
    }

    /**
     * @throws LocalizedException
     */
    public function beforeCreateOrders(Multishipping $subject): void
    {
        if ($this->verification->objection($subject->getQuote()) !== '') {
            throw new LocalizedException(__(
                'Please confirm your phone number before you place the order: in your account, under My Texts.'
            ));
        }
    }
}
