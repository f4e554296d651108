<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Sql\Expression;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;
use Recado\Sms\Model\Settings\Step;

/**
 * What is well and what is not, in sentences: on the settings page and on the command line.
 */
class Health
{
    private const LATE_MINUTES = 10;

    public function __construct(
        private readonly Config $config,
        private readonly Sidecar $sidecar,
        private readonly Step $step,
        private readonly Outbox $outbox,
        private readonly ResourceConnection $resource
    ) {
    }

    /**
     * Of all shops that are connected.
     *
     * @return array<int, array{0: bool, 1: string}>
     */
    public function lines(): array
    {
        $found = $this->config->connections();
        $lines = $found ? [] : [$this->bad(__('No store view is connected to Recado.'))];
        foreach ($found as [$connection]) {
            $lines = [...$lines, ...$this->ofConnection($connection)];
        }
        return [...$lines, ...$this->ofShop()];
    }

    /**
     * Asks the sidecar, five seconds at most.
     *
     * @return array<int, array{0: bool, 1: string}>
     */
    public function ofConnection(Connection $connection): array
    {
        if (!$connection->takesCalls() || !$connection->takesEvents()) {
            return [$this->bad(__('Not connected yet: paste the connection code and save.'))];
        }
        try {
            $shop = $this->sidecar->call($connection, 'GET', 'shop');
        } catch (LocalizedException $no) {
            return [$this->bad(new Phrase('%1', [$no->getMessage()]))];
        }
        $lines = [$this->good(
            __('Connected to %1: mode %2, sender "%3".', $shop['name'], $shop['mode'], $shop['settings']['sender'])
        )];
        if ($shop['sending'] !== 'live') {
            $lines[] = $this->bad(__('Recado only shows what it would send: its switch is at %1.', $shop['sending']));
        }
        if (!$shop['route']) {
            $lines[] = $this->bad(__('The shop has no provider in Recado yet: no text can leave.'));
        }
        if ($shop['billing'] === 'prepaid') {
            $credit = __('%1 texts of credit are left.', $shop['balance']);
            $lines[] = $shop['low'] ? $this->bad($credit) : $this->good($credit);
        }
        $problem = $this->step->problem($connection->key());
        return $problem === '' ? $lines : [...$lines, $this->bad(__('Settings not taken over: %1', $problem))];
    }

    /**
     * Cron and outbox.
     *
     * @return array<int, array{0: bool, 1: string}>
     */
    public function ofShop(): array
    {
        $counts = $this->outbox->counts() + [Outbox::WAITING => 0, Outbox::DEAD => 0];
        $minutes = $this->minutesSinceCron();
        $lines = [];
        if ($minutes === null || $minutes > self::LATE_MINUTES) {
            $lines[] = $this->bad($minutes === null
                ? __('Magento\'s cron has not run Recado\'s job yet: without cron no text leaves.')
                : __('Magento\'s cron last ran Recado\'s job %1 minutes ago: without cron no text leaves.', $minutes));
        } else {
            $lines[] = $this->good(__('Cron ran %1 minutes ago.', $minutes));
        }
        $waiting = $counts[Outbox::WAITING];
        $lines[] = $waiting
            ? $this->bad(__('%1 events wait, the oldest since %2 UTC.', $waiting, $this->outbox->oldestWaiting()))
            : $this->good(__('No event waits.'));
        if ($counts[Outbox::DEAD]) {
            $lines[] = $this->bad(__('%1 events were given up: see Sales > SMS Outbox.', $counts[Outbox::DEAD]));
        }
        return $lines;
    }

    private function minutesSinceCron(): ?int
    {
        $connection = $this->resource->getConnection();
        $select = $connection->select()
            ->from(
                $this->resource->getTableName('cron_schedule'),
                [new Expression('TIMESTAMPDIFF(MINUTE, MAX(executed_at), CURRENT_TIMESTAMP)')]
            )
            ->where('job_code = ?', 'recado_sms_send')
            ->where('executed_at IS NOT NULL');
        $minutes = $connection->fetchOne($select);
        return $minutes === null || $minutes === false ? null : max(0, (int)$minutes);
    }

    /**
     * @return array{0: bool, 1: string}
     */
    private function good(Phrase $line): array
    {
        return [true, (string)$line];
    }

    /**
     * @return array{0: bool, 1: string}
     */
    private function bad(Phrase $line): array
    {
        return [false, (string)$line];
    }
}
