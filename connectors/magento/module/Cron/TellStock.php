<?php
declare(strict_types=1);

namespace Recado\Sms\Cron;

use Recado\Sms\Model\Stock\Watchman;

class TellStock
{
    public function __construct(private readonly Watchman $watchman)
    {
    }

    public function execute(): void
    {
        $this->watchman->look();
    }
}
