<?php
declare(strict_types=1);

namespace Recado\Sms\Api;

/**
 * What saying yes means, in the words that are kept as proof: shops with a front of their own show these and no others.
 *
 * @api
 */
interface WordingInterface
{
    /**
     * In the language of the store view.
     *
     * @param string $purpose orders, stock_alerts or marketing
     * @return string
     * @throws \Magento\Framework\Exception\LocalizedException
     */
    public function of(string $purpose);
}
