<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use Magento\Framework\Model\AbstractModel;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\Order\Shipment;
use Magento\Sales\Model\Order\Shipment\Track;
use Magento\Sales\Model\Order\Status\History;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Outbox;

/**
 * Turns what happens to an order into rows of the outbox. Only ids and what is true in this moment are kept; the rest is
 * read when the row is told, after everything has been saved.
 */
class Recorder
{
    public const ORDER = 'order.updated';
    public const PARCEL = 'order.parcel';
    public const NOTE = 'order.note';
    public const REFUND = 'order.refund';

    public function __construct(
        private readonly Outbox $outbox,
        private readonly Ledger $ledger,
        private readonly Config $config
    ) {
    }

    /**
     * True if this is the first that is told of the order.
     */
    public function order(Order $order): bool
    {
        $orderId = (int)$order->getId();
        $row = $this->ledger->order($orderId);
        if (!$row || !$this->isTold((int)$row['store_id'])) {
            return false;
        }
        $told = $this->ledger->lastTold($orderId);
        $before = $told ?: $this->before($order);
        if ($told && $told['state'] === (string)$row['state'] && $told['status'] === (string)$row['status']) {
            return false;
        }
        $this->ledger->remember($orderId, (string)$row['state'], (string)$row['status']);
        if (!$told && $before && $before['status'] === $row['status'] && $before['state'] === $row['state']) {
            return false;
        }
        $this->outbox->add(self::ORDER, (int)$row['store_id'], $orderId, 0, [
            'from_state' => $before['state'] ?? null,
            'from_status' => $before['status'] ?? null,
            'state' => $row['state'],
            'status' => $row['status'],
            'at' => $row['updated_at'],
        ]);
        return !$before;
    }

    /**
     * Its tracks are saved after it, and told by themselves.
     */
    public function shipment(Shipment $shipment): void
    {
        $this->once('shipment', $shipment, self::PARCEL, $shipment->getOrderId(), [
            'shipment_id' => (int)$shipment->getId(),
            'track_id' => 0,
        ]);
    }

    public function track(Track $track): void
    {
        $this->once('track', $track, self::PARCEL, $track->getOrderId(), [
            'shipment_id' => (int)$track->getParentId(),
            'track_id' => (int)$track->getId(),
        ]);
    }

    public function refund(Creditmemo $creditmemo): void
    {
        $this->once('creditmemo', $creditmemo, self::REFUND, $creditmemo->getOrderId(), []);
    }

    /**
     * Only what the customer can read in the store. An empty comment comes with every change of status in the admin.
     */
    public function note(History $note): void
    {
        $text = trim((string)$note->getComment());
        if ($text !== '' && $note->getIsVisibleOnFront()) {
            $this->once('note', $note, self::NOTE, $note->getParentId(), ['note' => $text]);
        }
    }

    /**
     * What is new, though it may be saved several times before it is read again.
     *
     * @param int|string $orderId
     * @param array<string, mixed> $facts
     */
    private function once(string $name, AbstractModel $saved, string $type, $orderId, array $facts): void
    {
        if ($saved->getOrigData('entity_id') !== null) {
            return;
        }
        $storeId = (int)($this->ledger->order((int)$orderId)['store_id'] ?? 0);
        if ($this->isTold($storeId)) {
            $subject = (int)$saved->getId();
            $this->outbox->add($type, $storeId, (int)$orderId, $subject, $facts, "{$name}_$subject");
        }
    }

    private function isTold(int $storeId): bool
    {
        return $storeId > 0 && $this->config->connection($storeId)->takesEvents();
    }

    /**
     * As Magento remembers it: of an order from before the module came.
     *
     * @return array<string, string>
     */
    private function before(Order $order): array
    {
        $status = $order->getOrigData('status');
        return $status === null ? [] : ['state' => (string)$order->getOrigData('state'), 'status' => (string)$status];
    }
}
