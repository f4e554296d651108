<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Desk;

use Magento\Framework\App\Action\HttpGetActionInterface;
use Recado\Sms\Controller\Adminhtml\Desk;

class Message extends Desk implements HttpGetActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::config';

    protected function answer(): array
    {
        return $this->sidecar->call($this->connection(), 'GET', 'messages/' . rawurlencode($this->param('id')));
    }
}
