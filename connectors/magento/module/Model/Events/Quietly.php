<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use Magento\Framework\DB\Adapter\DeadlockException;
use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Does what may fail inside a shop's own work, without ever failing that.
 */
class Quietly
{
    public function __construct(private readonly LoggerInterface $logger)
    {
    }

    /**
     * A deadlock has already undone the shop's transaction: hiding it would have an order appear saved that is not.
     *
     * @throws DeadlockException
     */
    public function do(callable $work): void
    {
        try {
            $work();
        } catch (DeadlockException $deadlock) {
            throw $deadlock;
        } catch (Throwable $fault) {
            $this->logger->error(sprintf(
                'Recado could not note a change: %s in %s:%d',
                get_class($fault),
                basename($fault->getFile()),
                $fault->getLine()
            ));
        }
    }
}
