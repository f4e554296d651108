<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\AdminSystemConfigChanged;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Message\ManagerInterface;
use Recado\Sms\Model\Settings\Report;
use Recado\Sms\Model\Settings\Step;

/**
 * After the owner has saved: what was typed is kept whatever the sidecar says, and the page tells what it said.
 */
class TellSettings implements ObserverInterface
{
    public function __construct(private readonly Step $step, private readonly ManagerInterface $messages)
    {
    }

    public function execute(Observer $observer): void
    {
        foreach ($this->step->take(true) as $report) {
            $this->show($report);
        }
    }

    private function show(Report $report): void
    {
        if ($report->errors) {
            $said = implode(' ', $report->errors);
            $this->messages->addErrorMessage(__('Kept here, but Recado goes on with what it had: %1', $said));
        } elseif ($report->problem !== '') {
            $this->messages->addWarningMessage(
                __('Kept here, and Recado will be told as soon as it can be. %1', $report->problem)
            );
        } else {
            $this->messages->addSuccessMessage(__('Recado works by these settings now.'));
        }
        if ($report->unheard) {
            $this->messages->addWarningMessage(__(
                'These store views share a shop in Recado with others, so their own settings have no effect: %1. '
                . 'Give them a connection of their own.',
                implode(', ', $report->unheard)
            ));
        }
    }
}
