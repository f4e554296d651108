<?php
declare(strict_types=1);

namespace Recado\Sms\Console;

use Recado\Sms\Model\Outbox;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class Requeue extends Command
{
    public function __construct(private readonly Outbox $outbox)
    {
        parent::__construct('recado:sms:requeue');
    }

    protected function configure(): void
    {
        $this->setDescription('Tries again what was given up: all of it, or the rows whose ids are given');
        $this->addArgument('ids', InputArgument::IS_ARRAY, 'Ids of rows of the outbox');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $ids = array_map('intval', $input->getArgument('ids'));
        $output->writeln($this->outbox->requeue($ids ?: null) . ' will be tried again');
        return Command::SUCCESS;
    }
}
