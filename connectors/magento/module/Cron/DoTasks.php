<?php
declare(strict_types=1);

namespace Recado\Sms\Cron;

use Recado\Sms\Model\Tasks;

class DoTasks
{
    public function __construct(private readonly Tasks $tasks)
    {
    }

    public function execute(): void
    {
        $this->tasks->do();
    }
}
