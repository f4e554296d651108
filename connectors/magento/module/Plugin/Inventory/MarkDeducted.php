<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Inventory;

use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Stock\Watch;

/**
 * Stock left or came back: a shipment, or a refund that returns it.
 *
 * Names no class of the multi-source inventory, which a shop may have switched off.
 */
class MarkDeducted
{
    public function __construct(private readonly Watch $watch, private readonly Quietly $quietly)
    {
    }

    /**
     * @param mixed $result
     * @param object $request
     * @return mixed
     */
    public function afterExecute(object $subject, $result, object $request)
    {
        $this->quietly->do(fn () => $this->watch->touch(array_map(fn (object $item) => $item->getSku(), $request->getItems())));
        return $result;
    }
}
