<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Outbox;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\View\Element\UiComponent\DataProvider\CollectionFactory;
use Magento\Ui\Component\MassAction\Filter;
use Recado\Sms\Model\Outbox;

class Requeue extends Action implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::outbox';

    public function __construct(
        Context $context,
        private readonly Filter $filter,
        private readonly CollectionFactory $collections,
        private readonly Outbox $outbox
    ) {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        $chosen = $this->filter->getCollection($this->collections->getReport('recado_sms_outbox_listing_data_source'));
        $count = $this->outbox->requeue(array_map('intval', $chosen->getAllIds()));
        $this->messageManager->addSuccessMessage(__('%1 events will be tried again within a minute.', $count));
        return $this->resultRedirectFactory->create()->setPath('*/*/');
    }
}
