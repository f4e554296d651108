<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Order;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Recado\Sms\Controller\Adminhtml\Order;

class Answer extends Order implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::send';

    protected function answer(): array
    {
        $path = 'conversations/' . rawurlencode($this->param('conversation')) . '/messages';
        $said = ['text' => $this->param('text')];
        return $this->sidecar->call($this->connection(), 'POST', $path, $said, $this->sameWish());
    }
}
