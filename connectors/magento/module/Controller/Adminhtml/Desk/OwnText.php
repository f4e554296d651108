<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Desk;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Recado\Sms\Controller\Adminhtml\Desk;

class OwnText extends Desk implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::config';

    protected function answer(): array
    {
        $drafted = $this->sidecar->call($this->connection(), 'POST', 'texts', [
            'key' => $this->param('key'),
            'text' => $this->param('text'),
        ]);
        $path = 'texts/' . rawurlencode((string)$drafted['id']) . '/submit';
        return $this->sidecar->call($this->connection(), 'POST', $path);
    }
}
