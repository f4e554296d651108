<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Checkout\Model\ConfigProviderInterface;
use Magento\Checkout\Model\Session;
use Magento\Framework\UrlInterface;
use Magento\Quote\Model\Quote;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Wording;

/**
 * What the checkout page has to know.
 */
class PageConfig implements ConfigProviderInterface
{
    public function __construct(
        private readonly Config $config,
        private readonly Wording $wording,
        private readonly Sayings $sayings,
        private readonly Rule $rule,
        private readonly NumberForTexts $number,
        private readonly Session $session,
        private readonly UrlInterface $url
    ) {
    }

    public function getConfig(): array
    {
        if ($this->config->mode() === 0) {
            return [];
        }
        $said = $this->sayings->of((int)$this->session->getQuoteId());
        $ticked = array_column($said['consents'] ?? [], 'purpose');
        return ['recadoSms' => [
            'consents' => array_values(array_filter([
                $this->config->isOn('checkout/ask_orders') ? $this->consent('orders', $ticked) : null,
                $this->config->isOn('checkout/ask_marketing') ? $this->consent('marketing', $ticked) : null,
            ])),
            'asksMobile' => $this->config->asksMobile(),
            'mobile' => $this->number->expected($this->session->getQuote()),
            'code' => $this->code($this->session->getQuote()),
            'codeUrl' => $this->url->getUrl('recado/code/send'),
            'checkUrl' => $this->url->getUrl('recado/code/check'),
            'waiveUrl' => $this->url->getUrl('recado/code/waive'),
        ]];
    }

    /**
     * When the page has to ask for a code: the server decides by the same rule once more.
     *
     * @return array<string, mixed>
     */
    private function code(Quote $quote): array
    {
        return [
            'always' => $this->rule->wantsCodeOf($quote),
            'methods' => $this->rule->wantsCodeAtTheDoor($quote) ? $this->rule->paidAtTheDoor() : [],
            'from' => $this->rule->fromAmount($quote),
            'wayOut' => $this->rule->without(Verification::NO_MOBILE, $quote) !== Rule::REFUSE,
        ];
    }

    /**
     * @param string[] $ticked
     * @return array<string, mixed>
     */
    private function consent(string $purpose, array $ticked): array
    {
        return [
            'purpose' => $purpose,
            'wording' => $this->wording->of($purpose),
            'given' => in_array($purpose, $ticked, true),
        ];
    }
}
