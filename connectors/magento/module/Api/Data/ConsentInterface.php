<?php
declare(strict_types=1);

namespace Recado\Sms\Api\Data;

/**
 * Where a customer stands on one purpose.
 *
 * @api
 */
interface ConsentInterface
{
    /**
     * Orders, stock_alerts or marketing.
     *
     * @return string
     */
    public function getPurpose();

    /**
     * In, out, pending, or empty where it was never spoken of.
     *
     * @return string
     */
    public function getStanding();

    /**
     * What saying yes means, to be shown to the customer.
     *
     * @return string
     */
    public function getWording();
}
