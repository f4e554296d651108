<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Customer\Api\Data\CustomerInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\HTTP\PhpEnvironment\RemoteAddress;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Sidecar\ForShoppers;

/**
 * What a customer agreed to, about their number once it is proved to be theirs.
 */
class Consents
{
    public const PURPOSES = ['orders', 'stock_alerts', 'marketing'];

    public function __construct(
        private readonly Config $config,
        private readonly Speaking $speaking,
        private readonly ForShoppers $sidecar,
        private readonly Wording $wording,
        private readonly OwnNumber $numbers,
        private readonly StoreManagerInterface $stores,
        private readonly RemoteAddress $remote
    ) {
    }

    /**
     * @return array<string, string> in, out or pending, by purpose; what was never spoken of is left out
     * @throws LocalizedException
     */
    public function of(CustomerInterface $customer): array
    {
        [$number, $country] = $this->numbers->proven($customer);
        $asked = 'consents?' . http_build_query(['number' => $number, 'country' => $country]);
        return (array)($this->sidecar->call($this->config->connection(), 'GET', $asked)['standings'] ?? []);
    }

    /**
     * @return bool false: it will be passed on within minutes
     * @throws LocalizedException
     */
    public function say(CustomerInterface $customer, string $purpose, bool $agrees): bool
    {
        if (!in_array($purpose, self::PURPOSES, true)) {
            throw new LocalizedException(__('Choose orders, stock_alerts or marketing.'));
        }
        [$number, $country] = $this->numbers->proven($customer);
        $storeId = (int)$this->stores->getStore()->getId();
        return (bool)$this->speaking->consent($storeId, [
            'number' => $number,
            'country' => $country,
            'purpose' => $purpose,
            'standing' => $agrees ? 'in' : 'out',
            'source' => 'account',
            'wording' => $agrees ? $this->wording->of($purpose) : '',
            'ip' => (string)$this->remote->getRemoteAddress(),
            'locale' => $this->config->locale($storeId),
        ]);
    }
}
