<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\AdminSystemConfigChanged;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Message\ManagerInterface;
use Magento\Store\Model\ScopeInterface;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Settings\Connecting;
use Recado\Sms\Model\Settings\Report;
use Recado\Sms\Model\Settings\Step;

/**
 * After the owner has saved: what was typed is kept whatever the sidecar says, and the page tells what it said.
 */
class TellSettings implements ObserverInterface
{
    public function __construct(
        private readonly Connecting $connecting,
        private readonly Step $step,
        private readonly StoreManagerInterface $stores,
        private readonly ManagerInterface $messages
    ) {
    }

    public function execute(Observer $observer): void
    {
        try {
            $this->connecting->complete(...$this->scope((string)$observer->getWebsite(), (string)$observer->getStore()));
        } catch (LocalizedException $no) {
            $this->messages->addErrorMessage(__('Kept here, but not connected yet. %1', $no->getMessage()));
            return;
        }
        foreach ($this->step->take(true) as $report) {
            $this->show($report);
        }
    }

    /**
     * @return array{0: string, 1: int}
     */
    private function scope(string $website, string $store): array
    {
        if ($store !== '') {
            return [ScopeInterface::SCOPE_STORES, (int)$this->stores->getStore($store)->getId()];
        }
        return $website !== ''
            ? [ScopeInterface::SCOPE_WEBSITES, (int)$this->stores->getWebsite($website)->getId()]
            : [ScopeConfigInterface::SCOPE_TYPE_DEFAULT, 0];
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
