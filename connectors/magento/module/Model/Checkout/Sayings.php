<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Checkout;

use Recado\Sms\Model\Said;

/**
 * What a shopper has said at checkout, kept with the cart until it is an order.
 */
class Sayings extends Said
{
    protected const TABLE = 'recado_sms_checkout';
    protected const KEY = 'quote_id';
    protected const RESOURCE = 'sales';
    private const DAYS_KEPT = 30;

    public function clean(): void
    {
        $this->connection()->delete(
            $this->table(),
            ['said_at < CURRENT_TIMESTAMP - INTERVAL ' . self::DAYS_KEPT . ' DAY']
        );
    }
}
