<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Order;

use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Sales\Api\OrderRepositoryInterface;
use Recado\Sms\Controller\Adminhtml\Order;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Config\Source\Text;
use Recado\Sms\Model\Connection;
use Recado\Sms\Model\Sidecar;
use Recado\Sms\Model\Sidecar\Refused;

/**
 * An order's texts, what can be sent by hand, and what the customer wrote.
 */
class Texts extends Order implements HttpGetActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::messages';

    public function __construct(
        Context $context,
        JsonFactory $answers,
        Config $config,
        Sidecar $sidecar,
        OrderRepositoryInterface $orders,
        private readonly Text $texts
    ) {
        parent::__construct($context, $answers, $config, $sidecar, $orders);
    }

    protected function answer(): array
    {
        $connection = $this->connection();
        $orderId = (string)$this->order()->getEntityId();
        $asked = http_build_query(['order_id' => $orderId, 'limit' => 100]);
        return [
            'messages' => $this->sidecar->call($connection, 'GET', "messages?$asked")['messages'],
            'templates' => $this->templates($connection, $orderId),
            'conversation' => $this->conversation($connection, $orderId),
        ];
    }

    /**
     * Of an order the sidecar has not heard of yet, as with a made-up one.
     *
     * @return array<int, array<string, mixed>>
     */
    private function templates(Connection $connection, string $orderId): array
    {
        try {
            $found = $this->sidecar->call($connection, 'GET', 'templates?' . http_build_query(['order' => $orderId]));
        } catch (Refused) {
            $found = $this->sidecar->call($connection, 'GET', 'templates');
        }
        return array_map(fn (array $text) => [...$text, 'label' => $this->texts->label($text['key'])], $found['templates']);
    }

    /**
     * @return array<string, mixed>|null
     */
    private function conversation(Connection $connection, string $orderId): ?array
    {
        $asked = http_build_query(['order_id' => $orderId, 'limit' => 1]);
        $found = $this->sidecar->call($connection, 'GET', "conversations?$asked")['conversations'];
        return $found ? $this->sidecar->call($connection, 'GET', 'conversations/' . rawurlencode($found[0]['id'])) : null;
    }
}
