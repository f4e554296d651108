<?php
declare(strict_types=1);

namespace Recado\Sms\Cron;

use Recado\Sms\Model\Settings\Step;

class TellSettings
{
    public function __construct(private readonly Step $step)
    {
    }

    public function execute(): void
    {
        $this->step->take(false);
    }
}
