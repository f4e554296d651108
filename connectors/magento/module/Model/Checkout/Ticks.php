<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Magento\Framework\HTTP\PhpEnvironment\RemoteAddress;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Wording;

/**
 * What was ticked at checkout, with the proof of it.
 */
class Ticks
{
    private const PURPOSES = ['orders', 'marketing'];

    public function __construct(
        private readonly Sayings $sayings,
        private readonly Wording $wording,
        private readonly Config $config,
        private readonly RemoteAddress $remote
    ) {
    }

    /**
     * @param string[] $ticked
     */
    public function keep(int $cartId, array $ticked): void
    {
        $consents = array_map(fn (string $purpose) => [
            'purpose' => $purpose,
            'wording' => $this->wording->of($purpose),
            'ip' => (string)$this->remote->getRemoteAddress(),
            'locale' => $this->config->locale(),
        ], array_values(array_intersect(self::PURPOSES, $ticked)));
        $this->sayings->add($cartId, ['consents' => $consents]);
    }
}
