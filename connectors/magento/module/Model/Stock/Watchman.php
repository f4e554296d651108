<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Stock;

use Magento\CatalogInventory\Api\Data\StockStatusInterface;
use Magento\CatalogInventory\Api\StockRegistryInterface;
use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\Catalog\Model\Product\Attribute\Source\Status;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Stdlib\DateTime\DateTime;
use Magento\Store\Model\App\Emulation;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Outbox;

/**
 * Asks of watched products whether they can be bought, and has it told when that has changed. No event of Magento's
 * says so: orders, shipments, refunds, imports and two inventories each move stock in ways of their own.
 */
class Watchman
{
    public const STOCK = 'product.stock';
    /** What was changed straight in the database touches nothing: every so many minutes all are looked at. */
    private const MINUTES_BETWEEN_ROUNDS = 15;

    public function __construct(
        private readonly Watch $watch,
        private readonly Outbox $outbox,
        private readonly Config $config,
        private readonly ProductRepositoryInterface $products,
        private readonly StockRegistryInterface $stock,
        private readonly StoreManagerInterface $stores,
        private readonly Emulation $emulation,
        private readonly Quietly $quietly,
        private readonly DateTime $clock
    ) {
    }

    /**
     * The page a text leads to follows the stock by an index, which is why what is back rests a little. What has sold
     * out is told at once: texts may be on their way.
     *
     * @return int how many have changed
     */
    public function look(): int
    {
        $touched = $this->watch->touched(0);
        $rested = $this->watch->touched((int)$this->config->value('alerts/wait_seconds', 0));
        $resting = array_diff($touched, $rested);
        $round = (int)$this->clock->gmtDate('i') % self::MINUTES_BETWEEN_ROUNDS === 0;
        $changed = 0;
        foreach ($this->watch->watched($round ? null : array_values($touched)) as $row) {
            $isResting = in_array($row['sku'], $resting, true);
            $this->quietly->do(function () use ($row, $isResting, &$changed): void {
                $changed += (int)$this->lookAt($row, $isResting);
            });
        }
        $this->watch->forget(array_keys($rested));
        return $changed;
    }

    /**
     * @param array<string, mixed> $row
     */
    private function lookAt(array $row, bool $isResting): bool
    {
        $storeId = (int)$row['store_id'];
        if (!$this->config->connection($storeId)->takesEvents()) {
            return false;
        }
        $this->emulation->startEnvironmentEmulation($storeId);
        try {
            $level = $this->level($row);
        } catch (LocalizedException) {
            return false;
        } finally {
            $this->emulation->stopEnvironmentEmulation();
        }
        $told = json_encode([$level['saleable'], $level['quantity']]);
        $isBack = $level['saleable'] && !str_starts_with((string)$row['told'], '[true');
        if ($told === $row['told'] || ($isBack && $isResting)) {
            return false;
        }
        $this->outbox->add(self::STOCK, $storeId, 0, (int)$row['product_id'], $level);
        $this->watch->told((int)$row['id'], $told);
        return true;
    }

    /**
     * @param array<string, mixed> $row
     * @return array<string, mixed>
     */
    private function level(array $row): array
    {
        $storeId = (int)$row['store_id'];
        $page = $this->products->getById((int)$row['product_id'], false, $storeId);
        $one = $row['variation_id'] ? $this->products->getById((int)$row['variation_id'], false, $storeId) : $page;
        $websiteId = (int)$this->stores->getStore($storeId)->getWebsiteId();
        $status = $this->stock->getStockStatus($one->getId(), $websiteId);
        $isOnSale = $this->isEnabled($page) && $this->isEnabled($one)
            && (int)$status->getStockStatus() === StockStatusInterface::STATUS_IN_STOCK;
        return [
            'product_id' => (string)$page->getId(),
            'variation_id' => $row['variation_id'] ? (string)$one->getId() : '',
            'name' => (string)$one->getName(),
            'url' => (string)$page->getProductUrl(),
            'saleable' => $isOnSale,
            'quantity' => $this->quantity($one, $status, $websiteId),
            'modified_at' => $this->clock->gmtDate('Y-m-d\TH:i:s\Z'),
        ];
    }

    private function isEnabled(object $product): bool
    {
        return (int)$product->getStatus() === Status::STATUS_ENABLED;
    }

    /**
     * How many can be sold, reservations taken off; null where nobody counts.
     */
    private function quantity(object $product, StockStatusInterface $status, int $websiteId): ?int
    {
        $isCounted = !$product->isComposite()
            && $this->stock->getStockItem($product->getId(), $websiteId)->getManageStock();
        return $isCounted ? (int)floor((float)$status->getQty()) : null;
    }
}
