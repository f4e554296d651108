<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

/**
 * When a mode may be chosen.
 */
class ModeRule
{
    /**
     * Why not, or empty.
     */
    public function objection(int $mode, bool $stockManaged, bool $alertsOn): string
    {
        if ($mode < 4) {
            return '';
        }
        if (!$stockManaged) {
            return 'Modes 4 to 6 tell customers when products are back. Switch on Manage Stock first, under '
                . 'Stores > Configuration > Catalog > Inventory > Product Stock Options.';
        }
        return $alertsOn ? '' : 'Modes 4 to 6 tell customers when products are back. Switch on Availability Alerts '
            . 'on this page first.';
    }
}
