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
     * Text a code to the customer's number, by which it is proved to be theirs: the one given for texts at the checkout,
     * else the one in the address book.
     *
     * @param int $customerId
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function sendCode(int $customerId);

    /**
     * Whether this is the code.
     *
     * @param int $customerId
     * @param string $code
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function checkCode(int $customerId, string $code);

    /**
     * About the customer's number, once it is proved to be theirs.
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
