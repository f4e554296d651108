<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Order;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Recado\Sms\Controller\Adminhtml\Order;

class Send extends Order implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::send';

    protected function answer(): array
    {
        $template = $this->param('template');
        $order = $this->order();
        return $this->sidecar->call($this->connection(), 'POST', 'messages', [
            'to' => $this->param('to'),
            ...($template !== '' ? ['template' => $template] : ['text' => $this->param('text')]),
            'order_id' => (string)$order->getEntityId(),
            // As the customer wrote the number, who may live elsewhere than the shop.
            'country' => (string)$order->getBillingAddress()?->getCountryId(),
        ], $this->sameWish());
    }
}
