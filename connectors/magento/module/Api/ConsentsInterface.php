<?php
declare(strict_types=1);

namespace Recado\Sms\Api;

/**
 * What a customer agreed to be texted about.
 *
 * @api
 */
interface ConsentsInterface
{
    /**
     * About the number in the customer's address book.
     *
     * @param int $customerId
     * @return \Recado\Sms\Api\Data\ConsentInterface[]
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function getList(int $customerId);

    /**
     * Say yes or no.
     *
     * @param int $customerId
     * @param string $purpose orders, stock_alerts or marketing
     * @param bool $agrees
     * @return bool false: it counts within a few minutes
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function say(int $customerId, string $purpose, bool $agrees);
}
