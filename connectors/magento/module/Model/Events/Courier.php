<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use InvalidArgumentException;
use Magento\Framework\Lock\LockManagerInterface;
use Magento\Framework\Serialize\Serializer\Json;
use Magento\Framework\Stdlib\DateTime\DateTime;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Connection;
use Recado\Sms\Model\Http;
use Recado\Sms\Model\Outbox;
use Throwable;

/**
 * Carries what waits to the sidecar, for each shop there in the order in which it happened: while the first one cannot
 * be told, those behind it wait too.
 */
class Courier
{
    private const TIMEOUT = 10.0;
    private const AT_ONCE = 50;

    public function __construct(
        private readonly Config $config,
        private readonly Outbox $outbox,
        private readonly Told $told,
        private readonly Http $http,
        private readonly Signature $signature,
        private readonly Verdict $verdict,
        private readonly Patience $patience,
        private readonly LockManagerInterface $locks,
        private readonly Json $json,
        private readonly DateTime $clock
    ) {
    }

    /**
     * How many were told within so many seconds. Whoever comes while another is at it leaves it to them.
     */
    public function run(int $seconds): int
    {
        $until = $this->clock->gmtTimestamp() + $seconds;
        $told = 0;
        foreach ($this->config->connections() as $key => [$connection, $storeIds]) {
            $lock = 'recado_sms_' . substr((string)$key, 0, 24);
            if (!$this->locks->lock($lock, 0)) {
                continue;
            }
            try {
                $told += $this->runFor($connection, $storeIds, $until);
            } finally {
                $this->locks->unlock($lock);
            }
        }
        return $told;
    }

    /**
     * @param int[] $storeIds
     */
    private function runFor(Connection $connection, array $storeIds, int $until): int
    {
        $told = 0;
        do {
            $rows = $this->outbox->waiting($storeIds, self::AT_ONCE);
            foreach ($rows as $row) {
                if (!$row['is_due'] || $this->clock->gmtTimestamp() >= $until) {
                    return $told;
                }
                $became = $this->deliver($connection, $row);
                if ($became === Outbox::WAITING) {
                    return $told;
                }
                $told += (int)($became === Outbox::SENT);
            }
        } while ($rows);
        return $told;
    }

    /**
     * What becomes of it: only where it goes on waiting, those behind it wait too.
     *
     * @param array<string, mixed> $row
     */
    private function deliver(Connection $connection, array $row): string
    {
        try {
            $data = $this->told->data($row);
        } catch (Throwable $fault) {
            $where = basename($fault->getFile()) . ':' . $fault->getLine();
            return $this->settle($row, new Outcome(Outcome::FAULTY, get_class($fault) . " in $where"));
        }
        if ($data === null) {
            $this->outbox->settle((int)$row['id'], Outbox::DROPPED, 'nothing to tell any more');
            return Outbox::DROPPED;
        }
        return $this->settle($row, $this->post($connection, $row, $data));
    }

    /**
     * @param array<string, mixed> $row
     * @param array<string, mixed> $data
     */
    private function post(Connection $connection, array $row, array $data): Outcome
    {
        $now = $this->clock->gmtTimestamp();
        $body = $this->json->serialize(['type' => $row['type'], 'data' => $data]);
        try {
            $headers = $this->signature->headers($connection->eventsSecret, $row['event_id'], $now, $body);
        } catch (InvalidArgumentException $wrong) {
            return new Outcome(Outcome::LATER, $wrong->getMessage());
        }
        $headers['Content-Type'] = 'application/json';
        [$status, $answered, $text] = $this->http->send('POST', $connection->eventsUrl(), $headers, $body, self::TIMEOUT);
        return $status ? $this->verdict->of($status, $answered, $this->detail($text), $now)
            : new Outcome(Outcome::LATER, $text);
    }

    /**
     * @param array<string, mixed> $row
     */
    private function settle(array $row, Outcome $outcome): string
    {
        $attempts = (int)$row['attempts'] + 1;
        if ($outcome->kind === Outcome::TAKEN) {
            $this->outbox->settle((int)$row['id'], Outbox::SENT, $outcome->note);
            return Outbox::SENT;
        }
        if ($this->patience->isOver($attempts, $outcome)) {
            $this->outbox->settle((int)$row['id'], Outbox::DEAD, $outcome->note);
            return Outbox::DEAD;
        }
        $this->outbox->postpone((int)$row['id'], $this->patience->wait($attempts, $outcome), $outcome->note);
        return Outbox::WAITING;
    }

    private function detail(string $body): string
    {
        $problem = json_decode($body, true);
        return is_array($problem) ? (string)($problem['detail'] ?? $problem['code'] ?? '') : '';
    }
}
