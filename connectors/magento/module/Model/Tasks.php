<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use DateTimeImmutable;
use DateTimeZone;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Lock\LockManagerInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Config as OrderConfig;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * Writes on orders what came of texts and answers: a customer who confirmed or cancelled, a number that is none.
 */
class Tasks
{
    private const LOCK = 'recado_sms_tasks';

    public function __construct(
        private readonly Config $config,
        private readonly Sidecar $sidecar,
        private readonly OrderRepositoryInterface $orders,
        private readonly OrderConfig $statuses,
        private readonly LockManagerInterface $locks
    ) {
    }

    /**
     * @return int how many were written
     */
    public function do(): int
    {
        if (!$this->locks->lock(self::LOCK, 0)) {
            return 0;
        }
        try {
            return array_sum(array_map(
                fn (array $found) => $this->ofShop($found[0], $found[1]),
                $this->config->connections()
            ));
        } finally {
            $this->locks->unlock(self::LOCK);
        }
    }

    /**
     * @param int[] $storeIds
     */
    private function ofShop(Connection $connection, array $storeIds): int
    {
        $done = 0;
        try {
            foreach ($this->sidecar->call($connection, 'GET', 'tasks')['tasks'] ?? [] as $task) {
                if (($task['kind'] ?? '') === 'order_note') {
                    $done += (int)$this->write($connection, $task, $storeIds);
                }
            }
        } catch (Refused | Unreachable) {
            // It waits in the sidecar until the next minute.
            return $done;
        }
        return $done;
    }

    /**
     * @param array<string, mixed> $task
     * @param int[] $storeIds
     */
    private function write(Connection $connection, array $task, array $storeIds): bool
    {
        $path = 'tasks/' . rawurlencode((string)$task['id']);
        try {
            $order = $this->orders->get((int)$task['order_id']);
            if (!in_array((int)$order->getStoreId(), $storeIds, true)) {
                throw new NoSuchEntityException(__('The order is not of this shop.'));
            }
            $this->change($order, (string)($task['data']['status'] ?? ''));
            $this->note($order, (string)($task['data']['note'] ?? ''), (string)($task['created_at'] ?? ''));
            $this->orders->save($order);
        } catch (LocalizedException $no) {
            $this->sidecar->call($connection, 'POST', "$path/failed", ['reason' => mb_substr($no->getMessage(), 0, 200)]);
            return false;
        }
        $this->sidecar->call($connection, 'POST', "$path/done", []);
        return true;
    }

    /**
     * Cancelling goes Magento's own way, which gives the stock back.
     *
     * @throws LocalizedException
     */
    private function change(Order $order, string $status): void
    {
        if ($status === '' || $status === $order->getStatus()) {
            return;
        }
        if ($status === $this->statuses->getStateDefaultStatus(Order::STATE_CANCELED)) {
            if (!$order->canCancel()) {
                throw new LocalizedException(__('The order cannot be cancelled any more.'));
            }
            $order->cancel();
            return;
        }
        if (!in_array($status, $this->statuses->getStateStatuses($order->getState(), false), true)) {
            throw new LocalizedException(__('The order\'s state has no status %1.', $status));
        }
        $order->setStatus($status);
    }

    /**
     * Once, even if the answer to "done" was lost.
     */
    private function note(Order $order, string $note, string $since): void
    {
        $from = (new DateTimeImmutable($since))->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d H:i:s');
        foreach ($order->getStatusHistoryCollection() as $entry) {
            if (trim((string)$entry->getComment()) === trim($note) && $entry->getCreatedAt() >= $from) {
                return;
            }
        }
        if ($note !== '') {
            $order->addCommentToStatusHistory($note)->setIsCustomerNotified(false)->setIsVisibleOnFront(false);
        }
    }
}
