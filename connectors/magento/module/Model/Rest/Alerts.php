<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Magento\Catalog\Api\ProductRepositoryInterface;
use Recado\Sms\Api\AlertsInterface;
use Recado\Sms\Api\Data\AlertInterface;
use Recado\Sms\Api\Data\AlertInterfaceFactory;
use Recado\Sms\Model\Alerts as Wishes;

class Alerts implements AlertsInterface
{
    public function __construct(
        private readonly Wishes $wishes,
        private readonly ProductRepositoryInterface $products,
        private readonly AlertInterfaceFactory $alerts
    ) {
    }

    public function ask(string $sku, string $number, ?string $variationSku = null, ?string $country = null)
    {
        return $this->wish(null, $sku, $number, $variationSku, $country);
    }

    public function askAsCustomer(
        int $customerId,
        string $sku,
        string $number,
        ?string $variationSku = null,
        ?string $country = null
    ) {
        return $this->wish($customerId, $sku, $number, $variationSku, $country);
    }

    public function confirm(string $alertId, string $code)
    {
        $this->wishes->confirm($alertId, $code);
        return true;
    }

    public function getList(int $customerId)
    {
        return array_map(
            fn (array $told) => $this->alerts->create(['told' => $told]),
            $this->wishes->ofCustomer($customerId)
        );
    }

    public function end(int $customerId, string $alertId)
    {
        $this->wishes->end($customerId, $alertId);
        return true;
    }

    private function wish(
        ?int $customerId,
        string $sku,
        string $number,
        ?string $variationSku,
        ?string $country
    ): AlertInterface {
        $productId = (int)$this->products->get($sku)->getId();
        $variationId = $variationSku ? (int)$this->products->get($variationSku)->getId() : 0;
        $asked = $this->wishes->ask($productId, $variationId, $number, (string)$country, $customerId);
        return $this->alerts->create(['told' => [
            ...$asked,
            'product_id' => $productId,
            'variation_id' => $variationId ?: '',
        ]]);
    }
}
