<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Inventory;

use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Stock\Watch;

/**
 * Stock was promised or set free: an order was placed, cancelled or shipped.
 *
 * Names no class of the multi-source inventory, which a shop may have switched off.
 */
class MarkReserved
{
    public function __construct(private readonly Watch $watch, private readonly Quietly $quietly)
    {
    }

    /**
     * @param mixed $result
     * @param object[] $reservations
     * @return mixed
     */
    public function afterExecute(object $subject, $result, array $reservations)
    {
        $this->quietly->do(fn () => $this->watch->touch(array_map(fn (object $reservation) => $reservation->getSku(), $reservations)));
        return $result;
    }
}
