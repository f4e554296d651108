<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Webapi\ServiceOutputProcessor;
use Magento\Sales\Api\CreditmemoRepositoryInterface;
use Magento\Sales\Api\Data\CreditmemoInterface;
use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\Data\ShipmentInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Api\ShipmentRepositoryInterface;
use Magento\Sales\Model\Order\StatusFactory;
use Magento\Sales\Model\ResourceModel\Order\Status as StatusResource;
use Recado\Sms\Model\Checkout\Sayings;
use Recado\Sms\Model\Config;

/**
 * From a row of the outbox to the data of its event: the order and what else it is about, read now, as REST shows them.
 */
class Told
{
    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly ShipmentRepositoryInterface $shipments,
        private readonly CreditmemoRepositoryInterface $creditmemos,
        private readonly ServiceOutputProcessor $rest,
        private readonly Trimmed $trimmed,
        private readonly Config $config,
        private readonly Sayings $sayings,
        private readonly StatusFactory $statuses,
        private readonly StatusResource $statusResource
    ) {
    }

    /**
     * @param array<string, mixed> $row
     * @return array<string, mixed>|null null where there is nothing to tell any more
     */
    public function data(array $row): ?array
    {
        try {
            return match ($row['type']) {
                Recorder::ORDER => $this->transition($row),
                Recorder::PARCEL => $this->parcel($row),
                Recorder::NOTE => $this->about($row, [
                    'note_id' => (int)$row['subject_id'],
                    'note' => $row['facts']['note'],
                ]),
                Recorder::REFUND => $this->about($row, ['creditmemo' => $this->creditmemo((int)$row['subject_id'])]),
                default => $row['facts'],
            };
        } catch (NoSuchEntityException) {
            return null;
        }
    }

    /**
     * The order may have gone on since: of the transition itself its own moment counts.
     *
     * @param array<string, mixed> $row
     * @return array<string, mixed>
     */
    private function transition(array $row): array
    {
        $then = $row['facts'];
        return [
            ...$this->order((int)$row['order_id']),
            'state' => $then['state'],
            'status' => $then['status'],
            'status_label' => $this->label($then['status'], (int)$row['store_id']),
            'updated_at' => $then['at'],
            'transition' => $then,
        ];
    }

    /**
     * What customers of the store view read for a status: the merchant may have added it.
     */
    private function label(string $status, int $storeId): string
    {
        $known = $this->statuses->create();
        $this->statusResource->load($known, $status);
        return (string)$known->getStoreLabel($storeId);
    }

    /**
     * A shipment that has numbers is told by them.
     *
     * @param array<string, mixed> $row
     * @return array<string, mixed>|null
     */
    private function parcel(array $row): ?array
    {
        ['shipment_id' => $shipmentId, 'track_id' => $trackId] = $row['facts'];
        $shipment = $this->rest->convertValue($this->shipments->get($shipmentId), ShipmentInterface::class);
        $short = $this->trimmed->shipment($shipment, $trackId);
        $isTheOne = $trackId ? $short['tracks'] !== [] : ($shipment['tracks'] ?? []) === [];
        return $isTheOne ? $this->about($row, ['shipment' => $short]) : null;
    }

    /**
     * @return array<string, mixed>
     */
    private function creditmemo(int $creditmemoId): array
    {
        $creditmemo = $this->creditmemos->get($creditmemoId);
        return $this->trimmed->creditmemo($this->rest->convertValue($creditmemo, CreditmemoInterface::class));
    }

    /**
     * @param array<string, mixed> $row
     * @param array<string, mixed> $news
     * @return array<string, mixed>
     */
    private function about(array $row, array $news): array
    {
        $orderId = (int)$row['order_id'];
        return ['order_id' => $orderId, ...$news, 'order' => $this->order($orderId)];
    }

    /**
     * @return array<string, mixed>
     */
    private function order(int $orderId): array
    {
        $order = $this->orders->get($orderId);
        $shown = $this->trimmed->order($this->rest->convertValue($order, OrderInterface::class));
        return [
            ...$shown,
            'locale' => $this->config->locale((int)$order->getStoreId()),
            'consents' => $this->sayings->of((int)$order->getQuoteId())['consents'] ?? [],
        ];
    }
}
