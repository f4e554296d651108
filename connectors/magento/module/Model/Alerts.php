<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Catalog\Api\Data\ProductInterface;
use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\ConfigurableProduct\Model\Product\Type\Configurable;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\HTTP\PhpEnvironment\RemoteAddress;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Sidecar\ForShoppers;
use Recado\Sms\Model\Stock\Watch;

/**
 * Wishes to be told when a product is back, of customers and guests, by whichever door they come.
 */
class Alerts
{
    /** Kept in the shop for now: the sidecar will be told as soon as it answers. */
    public const KEPT = 'kept';

    public function __construct(
        private readonly Config $config,
        private readonly Speaking $speaking,
        private readonly ForShoppers $sidecar,
        private readonly Wording $wording,
        private readonly Watch $watch,
        private readonly ProductRepositoryInterface $products,
        private readonly Configurable $configurable,
        private readonly StoreManagerInterface $stores,
        private readonly RemoteAddress $remote
    ) {
    }

    /**
     * @return array{id: string, confirmation: string} how the wish is to be confirmed: link, code or kept
     * @throws LocalizedException
     */
    public function ask(int $productId, int $variationId, string $number, string $country, ?int $customerId): array
    {
        $storeId = (int)$this->stores->getStore()->getId();
        if (!$this->config->offersAlerts($storeId)) {
            throw new LocalizedException(__('This shop does not offer texts about products just now.'));
        }
        if (trim($number) === '') {
            throw new LocalizedException(__('Please enter the number of your mobile phone.'));
        }
        $page = $this->products->getById($productId, false, $storeId);
        $one = $variationId ? $this->variation($page, $variationId, $storeId) : $page;
        $answer = $this->speaking->alert($storeId, array_filter([
            'product_id' => (string)$page->getId(),
            'variation_id' => $variationId ? (string)$variationId : null,
            'name' => mb_substr((string)$one->getName(), 0, 200),
            'url' => mb_substr((string)$page->getProductUrl(), 0, 500),
            'number' => mb_substr($number, 0, 200),
            'country' => $country ?: $this->config->country($storeId),
            'locale' => $this->config->locale($storeId),
            'wording' => $this->wording->of('stock_alerts'),
            'ip' => (string)$this->remote->getRemoteAddress(),
            'customer_id' => $customerId ? (string)$customerId : null,
        ], fn ($value) => $value !== null));
        $this->watch->add($storeId, $productId, $variationId, (string)$one->getSku());
        return $answer ? ['id' => (string)$answer['id'], 'confirmation' => (string)$answer['confirmation']]
            : ['id' => '', 'confirmation' => self::KEPT];
    }

    /**
     * @throws LocalizedException
     */
    public function confirm(string $alertId, string $code): void
    {
        $path = 'stock-alerts/' . rawurlencode($alertId) . '/confirm';
        $this->sidecar->call($this->config->connection(), 'POST', $path, ['code' => trim($code)]);
    }

    /**
     * @return array<int, array<string, mixed>>
     * @throws LocalizedException
     */
    public function ofCustomer(int $customerId): array
    {
        $asked = 'stock-alerts?' . http_build_query(['customer_id' => $customerId]);
        return $this->sidecar->call($this->config->connection(), 'GET', $asked)['alerts'] ?? [];
    }

    /**
     * Only one's own.
     *
     * @throws LocalizedException
     */
    public function end(int $customerId, string $alertId): void
    {
        if (!in_array($alertId, array_column($this->ofCustomer($customerId), 'id'), true)) {
            throw new LocalizedException(__('You have no such alert.'));
        }
        $this->speaking->endAlert((int)$this->stores->getStore()->getId(), $alertId);
    }

    private function variation(ProductInterface $page, int $variationId, int $storeId): ProductInterface
    {
        $children = array_merge(...array_values($this->configurable->getChildrenIds($page->getId()) ?: [[]]));
        if (!in_array($variationId, array_map('intval', $children), true)) {
            throw new LocalizedException(__('Please choose which one you want to be told about.'));
        }
        return $this->products->getById($variationId, false, $storeId);
    }
}
