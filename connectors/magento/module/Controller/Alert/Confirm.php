<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Alert;

use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Alerts;

class Confirm extends Shopper
{
    public function __construct(
        Conversation $with,
        private readonly Alerts $alerts
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        $this->alerts->confirm($this->param('id'), $this->param('code'));
        return ['said' => (string)__('Confirmed: we will text you when it is back.')];
    }
}
