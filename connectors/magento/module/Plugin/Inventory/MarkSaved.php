<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Inventory;

use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Stock\Watch;

/**
 * Stock was set: in the admin, by REST, by an import.
 *
 * Names no class of the multi-source inventory, which a shop may have switched off.
 */
class MarkSaved
{
    public function __construct(private readonly Watch $watch, private readonly Quietly $quietly)
    {
    }

    /**
     * @param mixed $result
     * @param object[] $sourceItems
     * @return mixed
     */
    public function afterExecute(object $subject, $result, array $sourceItems)
    {
        $this->quietly->do(fn () => $this->watch->touch(array_map(fn (object $item) => $item->getSku(), $sourceItems)));
        return $result;
    }
}
