<?php
declare(strict_types=1);

namespace Recado\Sms\Api;

/**
 * What a shopper says before ordering: what they agree to, where texts go, and that the number is theirs.
 *
 * @api
 */
interface CheckoutInterface
{
    /**
     * Send the code by which a number is confirmed, or another one.
     *
     * @param string $cartId masked
     * @param string|null $number else the mobile given for texts, else the one in the cart's address
     * @return bool false: nobody can send one just now, and the order goes through without
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function sendCode(string $cartId, ?string $number = null);

    /**
     * Whether this is the code.
     *
     * @param string $cartId masked
     * @param string $code
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function checkCode(string $cartId, string $code);

    /**
     * What is ticked; the order carries it. What is left out counts as not ticked.
     *
     * @param string $cartId masked
     * @param string[] $purposes of orders and marketing
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function tick(string $cartId, array $purposes);

    /**
     * Where texts about the order go instead of to the telephone in its address, in shops that ask for that.
     *
     * @param string $cartId masked
     * @param string $number empty for none
     * @return bool
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function giveMobile(string $cartId, string $number);
}
