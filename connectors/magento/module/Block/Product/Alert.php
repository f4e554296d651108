<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Product;

use Magento\Catalog\Api\Data\ProductInterface;
use Magento\Catalog\Model\Product;
use Magento\Catalog\Model\Product\Attribute\Source\Status;
use Magento\Catalog\Model\ResourceModel\Product\CollectionFactory;
use Magento\CatalogInventory\Api\Data\StockStatusInterface;
use Magento\CatalogInventory\Api\StockRegistryInterface;
use Magento\ConfigurableProduct\Model\Product\Type\Configurable;
use Magento\Framework\DataObject\IdentityInterface;
use Magento\Framework\Registry;
use Magento\Framework\Serialize\Serializer\JsonHexTag;
use Magento\Framework\View\Element\Template;
use Magento\Framework\View\Element\Template\Context;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Wording;

/**
 * The form under a sold-out product. The page is kept in the full-page cache, so that nothing in it is anybody's own; it
 * leaves the cache with the product and with each of its variations.
 */
class Alert extends Template implements IdentityInterface
{
    /** Of all pages that show the words of the consent: others are kept as proof once the owner has changed them. */
    public const WORDS_TAG = 'recado_sms_words';

    /** @var array<int, array{id: int, label: string, options: array<string, string>}>|null */
    private ?array $soldOut = null;

    public function __construct(
        Context $context,
        private readonly Registry $registry,
        private readonly Config $config,
        private readonly Wording $wording,
        private readonly Configurable $configurable,
        private readonly CollectionFactory $products,
        private readonly StockRegistryInterface $stock,
        private readonly JsonHexTag $json,
        array $data = []
    ) {
        parent::__construct($context, $data);
    }

    public function isOffered(): bool
    {
        $product = $this->product();
        return $product && $this->config->offersAlerts() && ($this->isConfigurable()
            ? $this->soldOut() !== []
            : !$product->isComposite() && !$this->isInStock((int)$product->getId()));
    }

    public function product(): ?Product
    {
        return $this->registry->registry('current_product');
    }

    public function isConfigurable(): bool
    {
        return $this->product()->getTypeId() === Configurable::TYPE_CODE;
    }

    /**
     * The variations that cannot be bought, each with the options that choose it.
     *
     * @return array<int, array{id: int, label: string, options: array<string, string>}>
     */
    public function soldOut(): array
    {
        if ($this->soldOut === null) {
            $attributes = $this->configurable->getUsedProductAttributes($this->product());
            $sold = array_filter($this->children($attributes), fn ($child) => !$this->isInStock((int)$child->getId()));
            $this->soldOut = array_values(array_map(
                fn (ProductInterface $child) => $this->described($child, $attributes),
                $sold
            ));
        }
        return $this->soldOut;
    }

    public function wordingOfConsent(): string
    {
        return $this->wording->of('stock_alerts');
    }

    public function script(): string
    {
        return $this->json->serialize(['Recado_Sms/js/alert' => [
            'variations' => $this->isConfigurable() ? $this->soldOut() : [],
            'confirmUrl' => $this->getUrl('recado/alert/confirm'),
        ]]);
    }

    /**
     * @return string[]
     */
    public function getIdentities(): array
    {
        $product = $this->product();
        if (!$product) {
            return [];
        }
        $children = $this->isConfigurable() ? $this->childrenIds() : [];
        return [
            self::WORDS_TAG,
            ...$product->getIdentities(),
            ...array_map(fn (int $id) => Product::CACHE_TAG . '_' . $id, $children),
        ];
    }

    protected function _toHtml(): string
    {
        return $this->isOffered() ? parent::_toHtml() : '';
    }

    /**
     * @return int[]
     */
    private function childrenIds(): array
    {
        $groups = $this->configurable->getChildrenIds($this->product()->getId());
        return array_map('intval', array_values(array_merge(...array_values($groups ?: [[]]))));
    }

    /**
     * @param object[] $attributes
     * @return Product[]
     */
    private function children(array $attributes): array
    {
        $codes = array_map(fn (object $attribute) => $attribute->getAttributeCode(), $attributes);
        $found = $this->products->create()
            ->setFlag('has_stock_status_filter', true)
            ->addAttributeToSelect(['name', ...array_values($codes)])
            ->addAttributeToFilter('status', Status::STATUS_ENABLED)
            ->addIdFilter($this->childrenIds() ?: [0])
            ->setStoreId($this->_storeManager->getStore()->getId());
        return array_values($found->getItems());
    }

    /**
     * @param object[] $attributes
     * @return array{id: int, label: string, options: array<string, string>}
     */
    private function described(ProductInterface $child, array $attributes): array
    {
        $options = $words = [];
        foreach ($attributes as $attribute) {
            $value = (string)$child->getData($attribute->getAttributeCode());
            $options[(string)$attribute->getId()] = $value;
            $words[] = (string)$attribute->getSource()->getOptionText($value);
        }
        return ['id' => (int)$child->getId(), 'label' => implode(', ', array_filter($words)), 'options' => $options];
    }

    private function isInStock(int $productId): bool
    {
        $websiteId = (int)$this->_storeManager->getStore()->getWebsiteId();
        $status = $this->stock->getStockStatus($productId, $websiteId);
        return (int)$status->getStockStatus() === StockStatusInterface::STATUS_IN_STOCK;
    }
}
