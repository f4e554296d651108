<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Model\Quote;
use Recado\Sms\Model\Codes;
use Recado\Sms\Model\OwnNumber;

/**
 * Whether a shopper's number is theirs. What the sidecar cannot do for a while never stands between a shopper and an
 * order.
 */
class Verification
{
    public const NO_MOBILE = 'no_mobile';
    public const NOT_SENT = 'not_sent';
    private const CONFIRMED = 'confirmed';
    private const NOT_WANTED = 'not_wanted';
    private const OPEN = '';

    public function __construct(
        private readonly Rule $rule,
        private readonly Codes $codes,
        private readonly OwnNumber $numbers,
        private readonly NumberForTexts $number,
        private readonly Sayings $sayings
    ) {
    }

    /**
     * Whether an order needs a code, and how it stands that does: confirmed, no_mobile or not_sent, until then empty.
     */
    public function standing(Quote $quote): string
    {
        if (!$this->rule->wantsCode($quote)) {
            return self::NOT_WANTED;
        }
        $said = $this->sayings->of((int)$quote->getId());
        $print = $this->codes->print($this->number->of($quote), $this->countryOf($quote));
        return match (true) {
            ($said['confirmed'] ?? '') === $print || $this->isProvenByCustomer($quote) => self::CONFIRMED,
            ($said['not_sent'] ?? '') === $print => self::NOT_SENT,
            !empty($said['no_mobile']) => self::NO_MOBILE,
            default => self::OPEN,
        };
    }

    /**
     * Why the order cannot be placed yet, or empty.
     */
    public function objection(Quote $quote): string
    {
        $standing = $this->standing($quote);
        $isFree = match ($standing) {
            self::NOT_WANTED, self::CONFIRMED => true,
            self::OPEN => false,
            default => $this->rule->without($standing, $quote) !== Rule::REFUSE,
        };
        return $isFree ? ''
            : (string)__('Please confirm your phone number by the code in the text before you place the order.');
    }

    /**
     * @param string $typed the number on the page, which the cart may not know yet
     * @param string $typedCountry where it was written, in the same way
     * @return bool false where none can be sent, and the order goes through without
     * @throws LocalizedException
     */
    public function send(Quote $quote, string $typed, string $typedCountry = ''): bool
    {
        $number = mb_substr($typed, 0, 200) ?: $this->number->of($quote);
        if ($number === '') {
            throw new LocalizedException(__('Please enter the number of your mobile phone in your address.'));
        }
        $country = preg_match('/^[A-Z]{2}$/', $typedCountry) ? $typedCountry : $this->countryOf($quote);
        $quoteId = (int)$quote->getId();
        $print = $this->codes->print($number, $country);
        $sent = $this->codes->send(
            (int)$quote->getStoreId(),
            $number,
            $country,
            $this->subject($quoteId),
            $print,
            $this->sayings->of($quoteId)
        );
        $this->sayings->add($quoteId, $sent ? [...$sent, 'not_sent' => ''] : ['not_sent' => $print]);
        if (!$sent && $this->rule->without(self::NOT_SENT, $quote) === Rule::REFUSE) {
            throw new LocalizedException(__('No code can be sent just now. Please try again later.'));
        }
        return $sent !== null;
    }

    /**
     * @throws LocalizedException
     */
    public function check(Quote $quote, string $code): void
    {
        $quoteId = (int)$quote->getId();
        $said = $this->sayings->of($quoteId);
        $confirmed = $this->codes->check((int)$quote->getStoreId(), $code, $this->subject($quoteId), $said);
        $this->sayings->add($quoteId, ['confirmed' => $confirmed]);
    }

    /**
     * A customer is not asked again for a number that they confirmed with an order.
     */
    public function remember(Quote $quote): void
    {
        if ($quote->getCustomerId() && $this->standing($quote) === self::CONFIRMED) {
            $this->numbers->remember((int)$quote->getCustomerId(), $this->number->of($quote), $this->countryOf($quote));
        }
    }

    /**
     * The shopper says that they have no mobile phone.
     *
     * @throws LocalizedException
     */
    public function waive(Quote $quote): void
    {
        if ($this->rule->without(self::NO_MOBILE, $quote) === Rule::REFUSE) {
            throw new LocalizedException(__('This shop takes orders with a confirmed mobile number only.'));
        }
        $this->sayings->add((int)$quote->getId(), ['no_mobile' => true]);
    }

    private function isProvenByCustomer(Quote $quote): bool
    {
        return $quote->getCustomerId()
            && $this->numbers->isOf((int)$quote->getCustomerId(), $this->number->of($quote), $this->countryOf($quote));
    }

    private function countryOf(Quote $quote): string
    {
        return (string)$quote->getBillingAddress()->getCountryId();
    }

    private function subject(int $quoteId): string
    {
        return "cart-$quoteId";
    }
}
