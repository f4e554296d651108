<?php
declare(strict_types=1);

namespace Recado\Sms\Cron;

use Recado\Sms\Model\Events\Courier;

class Send
{
    public function __construct(private readonly Courier $courier)
    {
    }

    public function execute(): void
    {
        $this->courier->run(50);
    }
}
