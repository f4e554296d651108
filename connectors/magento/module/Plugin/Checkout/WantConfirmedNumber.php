<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Checkout;

use Magento\Authorization\Model\UserContextInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Model\Quote;
use Magento\Quote\Model\QuoteValidator;
use Recado\Sms\Model\Checkout\Verification;

/**
 * An order of a shopper waits for the code where the shop wants that. What staff and other systems enter does not.
 */
class WantConfirmedNumber
{
    private const SHOPPERS = [UserContextInterface::USER_TYPE_GUEST, UserContextInterface::USER_TYPE_CUSTOMER];

    public function __construct(
        private readonly Verification $verification,
        private readonly UserContextInterface $user
    ) {
    }

    /**
     * @throws LocalizedException
     */
    public function beforeValidateBeforeSubmit(QuoteValidator $subject, Quote $quote): void
    {
        $type = $this->user->getUserType();
        $isShopper = $type === null || in_array((int)$type, self::SHOPPERS, true);
        if ($isShopper && ($objection = $this->verification->objection($quote)) !== '') {
            throw new LocalizedException(__($objection));
        }
    }
}
