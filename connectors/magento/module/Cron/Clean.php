<?php
declare(strict_types=1);

namespace Recado\Sms\Cron;

use Recado\Sms\Model\Checkout\Sayings;
use Recado\Sms\Model\Outbox;
use Recado\Sms\Model\Stock\Watch;

class Clean
{
    public function __construct(
        private readonly Outbox $outbox,
        private readonly Sayings $sayings,
        private readonly Watch $watch
    ) {
    }

    public function execute(): void
    {
        $this->outbox->clean();
        $this->sayings->clean();
        $this->watch->clean();
    }
}
