<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Model\Quote;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\OwnNumber;

/**
 * Where the texts about an order go: to the mobile number that was given for them, where the shop asks for one, else to
 * the telephone in the address.
 */
class NumberForTexts
{
    /** Of an order, as column and as extension attribute. */
    public const MOBILE = 'recado_mobile';
    private const LONGEST = 30;

    public function __construct(
        private readonly Config $config,
        private readonly Sayings $sayings,
        private readonly OwnNumber $numbers
    ) {
    }

    public function of(Quote $quote): string
    {
        return $this->mobile($quote)
            ?: trim((string)$quote->getBillingAddress()->getTelephone())
            ?: trim((string)$quote->getShippingAddress()->getTelephone());
    }

    /**
     * Empty where none was given.
     */
    public function mobile(Quote $quote): string
    {
        return $this->config->asksMobile($quote->getStoreId()) ? $this->sayings->of((int)$quote->getId())['mobile'] ?? '' : '';
    }

    /**
     * What stands in the field before anything was typed: what was given before.
     */
    public function expected(Quote $quote): string
    {
        $said = $this->sayings->of((int)$quote->getId());
        $known = fn () => $quote->getCustomerId() ? $this->numbers->mobile((int)$quote->getCustomerId())[0] : '';
        return $said['mobile'] ?? $known();
    }

    /**
     * @param string $typed empty for none
     * @throws LocalizedException
     */
    public function check(string $typed): void
    {
        $digits = strlen(preg_replace('/\D/', '', $typed));
        if (trim($typed) !== '' && (mb_strlen(trim($typed)) > self::LONGEST || $digits < 6 || $digits > 17)) {
            throw new LocalizedException(
                __('The mobile number for texts is no phone number: correct it or leave it empty.')
            );
        }
    }

    /**
     * @throws LocalizedException
     */
    public function give(int $cartId, string $typed): void
    {
        $this->check($typed);
        $this->sayings->add($cartId, ['mobile' => trim($typed)]);
    }

    /**
     * So that a customer need not type it again, and finds under My Texts what was said about it. One that they took out
     * is forgotten.
     */
    public function remember(Quote $quote): void
    {
        $said = $this->sayings->of((int)$quote->getId());
        if ($quote->getCustomerId() && isset($said['mobile']) && $this->config->asksMobile($quote->getStoreId())) {
            $country = (string)$quote->getBillingAddress()->getCountryId();
            $this->numbers->keepMobile((int)$quote->getCustomerId(), $said['mobile'], $country);
        }
    }
}
