<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Connection;

/**
 * What each shop in the sidecar is to have: the settings of the widest scope that is connected to it.
 */
class Wanted
{
    public function __construct(
        private readonly Config $config,
        private readonly Reading $reading,
        private readonly StoreManagerInterface $stores
    ) {
    }

    /**
     * @return array<string, array{0: Connection, 1: array<string, mixed>, 2: string[]}> by the connection's key: where
     *     to, what, and the names of store views that have other settings without a shop of their own
     */
    public function ofEach(): array
    {
        $found = [];
        foreach ($this->scopes() as [$scope, $scopeId, $name]) {
            $connection = $this->config->connectionIn($scope, $scopeId);
            if (!$connection->takesCalls()) {
                continue;
            }
            $settings = $this->of($scope, $scopeId);
            $found[$connection->key()] ??= [$connection, $settings, []];
            if ($scope === ScopeInterface::SCOPE_STORE && $this->differs($settings, $found[$connection->key()][1])) {
                $found[$connection->key()][2][] = $name;
            }
        }
        return $found;
    }

    /**
     * @param int|string|null $scopeId
     * @return array<string, mixed>
     */
    public function of(string $scope, $scopeId): array
    {
        $settings = $this->reading->settings(
            fn (string $path) => $this->config->valueIn($path, $scope, $scopeId),
            fn (string $path) => $this->config->storeValueIn($path, $scope, $scopeId)
        );
        return [...$settings, 'locale' => $this->config->localeIn($scope, $scopeId)];
    }

    /**
     * Orders say in which language and country they were made: there views may differ.
     *
     * @param array<string, mixed> $one
     * @param array<string, mixed> $other
     */
    private function differs(array $one, array $other): bool
    {
        $ignored = array_flip(['locale', 'country']);
        return array_diff_key($one, $ignored) != array_diff_key($other, $ignored);
    }

    /**
     * @return array<int, array{0: string, 1: int, 2: string}> the widest first
     */
    private function scopes(): array
    {
        $scopes = [[ScopeConfigInterface::SCOPE_TYPE_DEFAULT, 0, '']];
        foreach ($this->stores->getWebsites() as $website) {
            $scopes[] = [ScopeInterface::SCOPE_WEBSITE, (int)$website->getId(), (string)$website->getName()];
        }
        foreach ($this->stores->getStores(false) as $store) {
            $scopes[] = [ScopeInterface::SCOPE_STORE, (int)$store->getId(), (string)$store->getName()];
        }
        return $scopes;
    }
}
