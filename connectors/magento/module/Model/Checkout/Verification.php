<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\HTTP\PhpEnvironment\RemoteAddress;
use Magento\Quote\Model\Quote;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Sidecar;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * Whether a shopper's number is theirs: a code goes to it and has to come back. What the sidecar cannot do for a while
 * never stands between a shopper and an order.
 */
class Verification
{
    private const PAID_AT_THE_DOOR = ['cashondelivery', 'cod'];
    private const USED_UP = ['unknown_verification', 'code_used', 'code_spent'];
    /** No fault of the shopper's. A limit is not among them: who asks until it is reached would buy without a code. */
    private const OURS = ['not_sent', 'unauthorized', 'database_down', 'internal_error'];

    public function __construct(
        private readonly Config $config,
        private readonly Sidecar $sidecar,
        private readonly Sayings $sayings,
        private readonly StoreManagerInterface $stores,
        private readonly RemoteAddress $remote
    ) {
    }

    public function isNeeded(Quote $quote): bool
    {
        $wanted = $this->config->value('checkout/verification', $quote->getStoreId());
        $isAtTheDoor = in_array($quote->getPayment()->getMethod(), self::PAID_AT_THE_DOOR, true);
        return $this->config->mode($quote->getStoreId()) > 0
            && ($wanted === 'always' || ($wanted === 'cash_on_delivery' && $isAtTheDoor));
    }

    /**
     * Why the order cannot be placed yet, or empty.
     */
    public function objection(Quote $quote): string
    {
        if (!$this->isNeeded($quote)) {
            return '';
        }
        $said = $this->sayings->of((int)$quote->getId());
        $isFree = !empty($said['nobody_answered'])
            || (!empty($said['no_mobile']) && $this->config->isOn('checkout/verification_way_out', $quote->getStoreId()));
        if ($isFree || ($said['confirmed'] ?? '') === $this->print($this->numberOf($quote))) {
            return '';
        }
        return (string)__('Please confirm your phone number by the code in the text before you place the order.');
    }

    /**
     * @param string $typed the number on the page, which the cart may not know yet
     * @return bool false where nobody answers, and the order may go through without
     * @throws LocalizedException
     */
    public function send(Quote $quote, string $typed): bool
    {
        $number = mb_substr($typed, 0, 200) ?: $this->numberOf($quote);
        if ($number === '') {
            throw new LocalizedException(__('Please enter the number of your mobile phone in your address.'));
        }
        $quoteId = (int)$quote->getId();
        $said = $this->sayings->of($quoteId);
        try {
            $sent = $this->sent($quote, $number, $said);
        } catch (Unreachable) {
            $this->sayings->add($quoteId, ['nobody_answered' => true]);
            return false;
        } catch (Refused $refused) {
            if (!in_array($refused->reason, self::OURS, true)) {
                throw $refused;
            }
            $this->sayings->add($quoteId, ['nobody_answered' => true]);
            return false;
        }
        $asked = ['verification' => $sent['id'], 'asked_for' => $this->print($number), 'nobody_answered' => false];
        $this->sayings->add($quoteId, $asked);
        return true;
    }

    /**
     * @throws LocalizedException
     */
    public function check(Quote $quote, string $code): void
    {
        $said = $this->sayings->of((int)$quote->getId());
        if (empty($said['verification'])) {
            throw new LocalizedException(__('Have a code sent first.'));
        }
        $path = 'verifications/' . rawurlencode($said['verification']) . '/check';
        $tried = ['code' => preg_replace('/\D/', '', $code), 'subject' => $this->subject((int)$quote->getId())];
        $this->sidecar->call($this->config->connection($quote->getStoreId()), 'POST', $path, $tried);
        $this->sayings->add((int)$quote->getId(), ['confirmed' => $said['asked_for']]);
    }

    /**
     * The shopper says that they have no mobile phone.
     *
     * @throws LocalizedException
     */
    public function waive(Quote $quote): void
    {
        if (!$this->config->isOn('checkout/verification_way_out', $quote->getStoreId())) {
            throw new LocalizedException(__('This shop takes orders with a confirmed mobile number only.'));
        }
        $this->sayings->add((int)$quote->getId(), ['no_mobile' => true]);
    }

    /**
     * The same number again is the same wish, unless what was sent is used up.
     *
     * @param array<string, mixed> $said
     * @return array<string, mixed>
     */
    private function sent(Quote $quote, string $number, array $said): array
    {
        $connection = $this->config->connection($quote->getStoreId());
        if (($said['asked_for'] ?? '') === $this->print($number)) {
            try {
                $path = 'verifications/' . rawurlencode((string)$said['verification']) . '/resend';
                return $this->sidecar->call($connection, 'POST', $path);
            } catch (Refused $refused) {
                if (!in_array($refused->reason, self::USED_UP, true)) {
                    throw $refused;
                }
            }
        }
        return $this->sidecar->call($connection, 'POST', 'verifications', array_filter([
            'number' => $number,
            'country' => (string)$quote->getBillingAddress()->getCountryId(),
            'ip' => (string)$this->remote->getRemoteAddress(),
            'subject' => $this->subject((int)$quote->getId()),
            'locale' => $this->config->locale($quote->getStoreId()),
            'domain' => $this->host((int)$quote->getStoreId()),
        ], 'strlen'));
    }

    private function subject(int $quoteId): string
    {
        return "cart-$quoteId";
    }

    /**
     * Browsers fill a code in for the host it names; an address of digits is none.
     */
    private function host(int $storeId): string
    {
        $host = (string)parse_url($this->stores->getStore($storeId)->getBaseUrl(), PHP_URL_HOST);
        return preg_match('/[a-z]/i', (string)strrchr(".$host", '.')) ? $host : '';
    }

    private function numberOf(Quote $quote): string
    {
        return trim((string)$quote->getBillingAddress()->getTelephone())
            ?: trim((string)$quote->getShippingAddress()->getTelephone());
    }

    private function print(string $number): string
    {
        return hash('sha256', preg_replace('/[^\d+]/', '', $number));
    }
}
