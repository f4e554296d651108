<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;
use Magento\Store\Model\StoreManagerInterface;

/**
 * What the store's owner set, by store view.
 */
class Config
{
    public const SECTION = 'recado_sms';

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly StoreManagerInterface $stores
    ) {
    }

    /**
     * @param int|string|null $storeId null: the one of the page
     */
    public function value(string $path, $storeId = null): string
    {
        return $this->valueIn($path, ScopeInterface::SCOPE_STORE, $storeId);
    }

    /**
     * @param int|string|null $scopeId
     */
    public function valueIn(string $path, string $scope, $scopeId): string
    {
        return $this->storeValueIn(self::SECTION . "/$path", $scope, $scopeId);
    }

    /**
     * One of Magento's own settings, by its whole path.
     *
     * @param int|string|null $scopeId
     */
    public function storeValueIn(string $path, string $scope, $scopeId): string
    {
        return trim((string)$this->scopeConfig->getValue($path, $scope, $scopeId));
    }

    public function isOn(string $path, $storeId = null): bool
    {
        return $this->value($path, $storeId) === '1';
    }

    public function connection($storeId = null): Connection
    {
        return $this->connectionIn(ScopeInterface::SCOPE_STORE, $storeId);
    }

    public function connectionIn(string $scope, $scopeId): Connection
    {
        return new Connection(
            rtrim($this->valueIn('connection/address', $scope, $scopeId), '/'),
            $this->valueIn('connection/shop_id', $scope, $scopeId),
            $this->valueIn('connection/api_token', $scope, $scopeId),
            $this->valueIn('connection/events_secret', $scope, $scopeId)
        );
    }

    /**
     * The shops in the sidecar, each with the store views it serves.
     *
     * @return array<string, array{0: Connection, 1: int[]}>
     */
    public function connections(): array
    {
        $found = [];
        foreach ($this->stores->getStores(false) as $store) {
            $connection = $this->connection($store->getId());
            if ($connection->takesEvents()) {
                $found[$connection->key()] ??= [$connection, []];
                $found[$connection->key()][1][] = (int)$store->getId();
            }
        }
        return $found;
    }

    /**
     * 0 to 6, and 0 until there is a connection.
     */
    public function mode($storeId = null): int
    {
        return $this->connection($storeId)->takesCalls() ? (int)$this->value('sending/mode', $storeId) : 0;
    }

    /**
     * Whether the checkout asks for a mobile number for texts besides the telephone.
     *
     * @param int|string|null $storeId null: the one of the page
     */
    public function asksMobile($storeId = null): bool
    {
        return $this->mode($storeId) > 0 && $this->isOn('checkout/ask_mobile', $storeId);
    }

    public function offersAlerts($storeId = null): bool
    {
        return $this->mode($storeId) >= 4 && $this->isOn('alerts/enabled', $storeId);
    }

    /**
     * The language of a store view as the sidecar names it: zh_Hant_TW is zh_TW there.
     */
    public function locale($storeId = null): string
    {
        return $this->localeIn(ScopeInterface::SCOPE_STORE, $storeId);
    }

    public function localeIn(string $scope, $scopeId): string
    {
        return preg_replace('/_(Hans|Hant|Latn|Cyrl)_/', '_', $this->storeValueIn('general/locale/code', $scope, $scopeId));
    }

    public function country($storeId = null): string
    {
        return $this->storeValueIn('general/country/default', ScopeInterface::SCOPE_STORE, $storeId);
    }

    public function shopName(): string
    {
        return $this->storeValueIn('general/store_information/name', ScopeInterface::SCOPE_STORE, null)
            ?: (string)$this->stores->getStore()->getFrontendName();
    }
}
