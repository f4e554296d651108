<?php
declare(strict_types=1);

namespace Recado\Sms\Api;

/**
 * Wishes to be told by a text when a product is back.
 *
 * @api
 */
interface AlertsInterface
{
    /**
     * Ask, as a guest. The number gets a text by which the wish is confirmed.
     *
     * @param string $sku
     * @param string $number
     * @param string|null $variationSku the chosen child of a configurable product
     * @param string|null $country where the number was written; else the shop's
     * @return \Recado\Sms\Api\Data\AlertInterface
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function ask(string $sku, string $number, ?string $variationSku = null, ?string $country = null);

    /**
     * Ask, as a customer.
     *
     * @param int $customerId
     * @param string $sku
     * @param string $number
     * @param string|null $variationSku
     * @param string|null $country
     * @return \Recado\Sms\Api\Data\AlertInterface
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function askAsCustomer(
        int $customerId,
        string $sku,
        string $number,
        ?string $variationSku = null,
        ?string $country = null
    );

    /**
     * Confirm by the code in the text, in shops that confirm so.
     *
     * @param string $alertId
     * @param string $code
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function confirm(string $alertId, string $code);

    /**
     * What a customer waits for.
     *
     * @param int $customerId
     * @return \Recado\Sms\Api\Data\AlertInterface[]
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function getList(int $customerId);

    /**
     * Wait no more.
     *
     * @param int $customerId
     * @param string $alertId
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function end(int $customerId, string $alertId);
}
