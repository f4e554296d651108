<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Outbox;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\View\Result\PageFactory;

class Index extends Action implements HttpGetActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::outbox';

    public function __construct(Context $context, private readonly PageFactory $pages)
    {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        $page = $this->pages->create();
        $page->setActiveMenu('Recado_Sms::outbox');
        $page->getConfig()->getTitle()->prepend(__('SMS Outbox'));
        return $page;
    }
}
