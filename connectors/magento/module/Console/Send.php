<?php
declare(strict_types=1);

namespace Recado\Sms\Console;

use Magento\Framework\App\Area;
use Magento\Framework\App\State;
use Recado\Sms\Model\Events\Courier;
use Recado\Sms\Model\Outbox;
use Recado\Sms\Model\Settings\Step;
use Recado\Sms\Model\Stock\Watchman;
use Recado\Sms\Model\Tasks;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * What cron does each minute, once and now: for shops whose cron is elsewhere, and to see what happens.
 */
class Send extends Command
{
    private const SECONDS = 50;

    public function __construct(
        private readonly State $state,
        private readonly Watchman $watchman,
        private readonly Courier $courier,
        private readonly Step $step,
        private readonly Tasks $tasks,
        private readonly Outbox $outbox
    ) {
        parent::__construct('recado:sms:send');
    }

    protected function configure(): void
    {
        $this->setDescription('Tells Recado what waits in the outbox, looks at the stock that customers wait for, and '
            . 'writes what Recado has for the orders');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        // An emulated area would be taken for the themes' own, whose translations are then not found.
        $this->state->setAreaCode(Area::AREA_CRONTAB);
        foreach ($this->step->take(false) as $report) {
            $output->writeln($report->problem === '' ? 'settings told' : "settings: $report->problem");
        }
        $this->watchman->look();
        $told = $this->courier->run(self::SECONDS);
        $done = $this->tasks->do();
        $counts = $this->outbox->counts() + [Outbox::WAITING => 0, Outbox::DEAD => 0];
        $output->writeln(sprintf(
            '%d told, %d waiting, %d given up, %d written on orders',
            $told,
            $counts[Outbox::WAITING],
            $counts[Outbox::DEAD],
            $done
        ));
        return $counts[Outbox::WAITING] || $counts[Outbox::DEAD] ? Command::FAILURE : Command::SUCCESS;
    }
}
