<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

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
            $this->note($order, (string)($task['data']['note'] ?? ''), (string)($task['data']['status'] ?? ''));
        } catch (LocalizedException $no) {
            $this->sidecar->call($connection, 'POST', "$path/failed", ['reason' => mb_substr($no->getMessage(), 0, 200)]);
            return false;
        }
        $this->sidecar->call($connection, 'POST', "$path/done", []);
        return true;
    }

    /**
     * Once, even if the answer to "done" was lost. Cancelling goes Magento's own way, which gives the stock back.
     */
    private function note(Order $order, string $note, string $status): void
    {
        $isNew = $status !== '' && $status !== $order->getStatus();
        if ($isNew && $status === $this->statuses->getStateDefaultStatus(Order::STATE_CANCELED)) {
            if (!$order->canCancel()) {
                throw new LocalizedException(__('The order cannot be cancelled any more.'));
            }
            $order->cancel();
        } elseif ($isNew) {
            $states = $this->statuses->getStateStatuses($order->getState(), false);
            if (!in_array($status, $states, true)) {
                throw new LocalizedException(__('The order\'s state has no status %1.', $status));
            }
            $order->setStatus($status);
        }
        if ($note !== '' && !$this->isWritten($order, $note)) {
            $order->addCommentToStatusHistory($note)->setIsCustomerNotified(false)->setIsVisibleOnFront(false);
        }
        $this->orders->save($order);
    }

    private function isWritten(Order $order, string $note): bool
    {
        foreach ($order->getStatusHistoryCollection() as $entry) {
            if (trim((string)$entry->getComment()) === trim($note)) {
                return true;
            }
        }
        return false;
    }
}
