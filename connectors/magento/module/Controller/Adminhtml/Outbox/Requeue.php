<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Outbox;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Ui\Component\MassAction\Filter;
use Recado\Sms\Model\Outbox;

class Requeue extends Action implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::outbox';

    public function __construct(
        Context $context,
        private readonly Filter $filter,
        private readonly Outbox $outbox
    ) {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        try {
            $count = $this->outbox->requeue($this->chosen());
            $this->messageManager->addSuccessMessage(__('%1 events will be tried again within a minute.', $count));
        } catch (LocalizedException $problem) {
            $this->messageManager->addErrorMessage($problem->getMessage());
        }
        return $this->resultRedirectFactory->create()->setPath('*/*/');
    }

    /**
     * All that are ticked, those on other pages of the grid too.
     *
     * @return int[]
     */
    private function chosen(): array
    {
        $grid = $this->filter->getComponent();
        $this->filter->prepareComponent($grid);
        $this->filter->applySelectionOnTargetProvider();
        $rows = $grid->getContext()->getDataProvider();
        $rows->setLimit(0, 0);
        return array_map(static fn ($row) => (int) $row->getData('id'), array_values($rows->getSearchResult()->getItems()));
    }
}
