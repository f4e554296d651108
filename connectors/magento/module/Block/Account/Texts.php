<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Account;

use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\Customer\Helper\Session\CurrentCustomer;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;
use Magento\Framework\View\Element\Template;
use Magento\Framework\View\Element\Template\Context;
use Recado\Sms\Model\Alerts;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Consents;
use Recado\Sms\Model\OwnNumber;
use Recado\Sms\Model\Wording;

/**
 * My Account: what a customer waits for, and what they agreed to.
 */
class Texts extends Template
{
    public function __construct(
        Context $context,
        private readonly CurrentCustomer $customer,
        private readonly Alerts $alerts,
        private readonly Consents $consents,
        private readonly OwnNumber $numbers,
        private readonly Config $config,
        private readonly Wording $wording,
        private readonly ProductRepositoryInterface $products,
        array $data = []
    ) {
        parent::__construct($context, $data);
    }

    /**
     * @return array<int, array<string, mixed>>|string a sentence where they cannot be shown
     */
    public function alerts(): array|string
    {
        try {
            return $this->alerts->ofCustomer((int)$this->customer->getCustomerId());
        } catch (LocalizedException) {
            return (string)__('Your alerts cannot be shown just now. Please try again later.');
        }
    }

    /**
     * @return array<string, string>|string
     */
    public function consents(): array|string
    {
        try {
            $standing = $this->consents->of($this->customer->getCustomer());
        } catch (LocalizedException $no) {
            return $this->number() === '' ? $no->getMessage()
                : (string)__('What you agreed to cannot be shown just now. Please try again later.');
        }
        return array_merge(array_fill_keys(Consents::PURPOSES, ''), $standing);
    }

    /**
     * The one the consents are about.
     */
    public function number(): string
    {
        try {
            return $this->numbers->of($this->customer->getCustomer())[0];
        } catch (LocalizedException) {
            return '';
        }
    }

    public function asksMobile(): bool
    {
        return $this->config->asksMobile();
    }

    /**
     * Empty where none was given for texts.
     */
    public function mobile(): string
    {
        return $this->numbers->mobile((int)$this->customer->getCustomerId())[0];
    }

    /**
     * Whether there is a number, and it has still to be proved theirs.
     */
    public function isToBeProven(): bool
    {
        return $this->number() !== '' && !$this->numbers->isProven($this->customer->getCustomer());
    }

    /**
     * @param array<string, mixed> $alert
     */
    public function productName(array $alert): string
    {
        try {
            $id = (int)($alert['variation_id'] ?: $alert['product_id']);
            return (string)$this->products->getById($id)->getName();
        } catch (LocalizedException) {
            return (string)__('A product we no longer have');
        }
    }

    /**
     * @param array<string, mixed> $alert
     */
    public function isOpen(array $alert): bool
    {
        return empty($alert['ended_at']) && empty($alert['texted_at']);
    }

    /**
     * @param array<string, mixed> $alert
     */
    public function stateOf(array $alert): Phrase
    {
        if (!empty($alert['texted_at'])) {
            return __('You were told');
        }
        if (!empty($alert['ended_at'])) {
            return __('Ended');
        }
        return empty($alert['confirmed_at']) ? __('Not confirmed yet') : __('We will tell you');
    }

    public function nameOf(string $purpose): Phrase
    {
        return match ($purpose) {
            'orders' => __('Texts about my orders'),
            'marketing' => __('Offers and news'),
            default => __('Texts when products are back'),
        };
    }

    /**
     * Whether such texts would come. Where nothing was said, those about orders do, unless the shop wants a yes first.
     *
     * @param string $standing in, out, pending or empty
     */
    public function isOn(string $purpose, string $standing): bool
    {
        $isImplied = $purpose === 'stock_alerts'
            || ($purpose === 'orders' && $this->config->value('checkout/order_consent') !== 'opt_in');
        return $standing === 'in' || ($standing === '' && $isImplied);
    }

    public function words(string $purpose): string
    {
        return $this->wording->of($purpose);
    }

    protected function _toHtml(): string
    {
        return $this->config->connection()->takesCalls() ? parent::_toHtml() : '';
    }
}
