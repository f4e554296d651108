<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Api\WordingInterface;

/**
 * What a person agrees to, in the words they are shown. The words are kept as proof with what they said, so that all who
 * show or keep them take them from here.
 */
class Wording implements WordingInterface
{
    private const SHOP = '{shop}';
    private const LONGEST = 2000;

    /** Where an owner's own words stand. */
    private const OWN = [
        'orders' => 'checkout/wording_orders',
        'stock_alerts' => 'alerts/wording_stock_alerts',
        'marketing' => 'checkout/wording_marketing',
    ];

    public function __construct(private readonly Config $config)
    {
    }

    /**
     * The owner's own, where they wrote any; else ours, in the language of the store view.
     */
    public function of(string $purpose)
    {
        $words = $this->config->value($this->path($purpose)) ?: $this->ours($purpose);
        return mb_substr(str_replace(self::SHOP, $this->shop(), $words), 0, self::LONGEST);
    }

    /**
     * Before the shop's name is put in.
     */
    public function ours(string $purpose): string
    {
        return (string)match ($purpose) {
            'orders' => __('{shop} may text me about my orders. I can reply STOP at any time.'),
            'marketing' => __(
                '{shop} may text me news and offers. I can reply STOP at any time; buying does not depend on it.'
            ),
            default => __(
                '{shop} may text me when a product that I asked for is back. I can end this at any time by the link in'
                . ' the text.'
            ),
        };
    }

    private function path(string $purpose): string
    {
        return self::OWN[$purpose] ?? throw new LocalizedException(__('Choose orders, stock_alerts or marketing.'));
    }

    private function shop(): string
    {
        return $this->config->value('sending/sender') ?: $this->config->shopName();
    }
}
