<?php
declare(strict_types=1);

namespace Recado\Sms\Console;

use Recado\Sms\Model\Health;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class Status extends Command
{
    public function __construct(private readonly Health $health)
    {
        parent::__construct('recado:sms:status');
    }

    protected function configure(): void
    {
        $this->setDescription('Says what is wrong with Recado, if anything: connection, cron, outbox, settings');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $lines = $this->health->lines();
        foreach ($lines as [$isGood, $line]) {
            $output->writeln(($isGood ? ' ok  ' : ' !!  ') . $line);
        }
        return in_array(false, array_column($lines, 0), true) ? Command::FAILURE : Command::SUCCESS;
    }
}
