<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

/**
 * What a person agrees to, in the words they are shown. The words are kept as proof with what they said.
 */
class Wording
{
    public function __construct(private readonly Config $config)
    {
    }

    public function alert(): string
    {
        return (string)__(
            '%1 may text me once when this product is back. I can end this at any time by the link in the text.',
            $this->shop()
        );
    }

    public function orders(): string
    {
        return (string)__('%1 may text me about my orders. I can reply STOP at any time.', $this->shop());
    }

    public function marketing(): string
    {
        return (string)__(
            '%1 may text me news and offers. I can reply STOP at any time; buying does not depend on it.',
            $this->shop()
        );
    }

    public function stockAlerts(): string
    {
        return (string)__('%1 may text me when products that I asked for are back. I can end this at any time.', $this->shop());
    }

    /**
     * @param string $purpose orders, marketing or stock_alerts
     */
    public function of(string $purpose): string
    {
        return match ($purpose) {
            'orders' => $this->orders(),
            'marketing' => $this->marketing(),
            default => $this->stockAlerts(),
        };
    }

    private function shop(): string
    {
        return $this->config->value('sending/sender') ?: $this->config->shopName();
    }
}
