<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Desk;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Recado\Sms\Controller\Adminhtml\Desk;

class Test extends Desk implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::config';

    protected function answer(): array
    {
        return $this->sidecar->call($this->connection(), 'POST', 'test-message', array_filter([
            'to' => $this->param('to'),
            'template' => $this->param('template'),
        ], 'strlen'));
    }
}
