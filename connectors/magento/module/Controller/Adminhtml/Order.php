<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml;

use Magento\Backend\App\Action\Context;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Connection;
use Recado\Sms\Model\Sidecar;

/**
 * What the tab of an order asks: of the shop in the sidecar to which that order belongs.
 */
abstract class Order extends Desk
{
    public function __construct(
        Context $context,
        JsonFactory $answers,
        Config $config,
        Sidecar $sidecar,
        private readonly OrderRepositoryInterface $orders
    ) {
        parent::__construct($context, $answers, $config, $sidecar);
    }

    protected function order(): OrderInterface
    {
        return $this->orders->get((int)$this->param('order_id'));
    }

    protected function connection(): Connection
    {
        return $this->config->connection((int)$this->order()->getStoreId());
    }

    /**
     * @return array<string, string>
     */
    protected function sameWish(): array
    {
        $key = preg_replace('/[^a-z0-9]/', '', $this->param('key'));
        return $key === '' ? [] : ['Idempotency-Key' => mb_substr($key, 0, 100)];
    }
}
