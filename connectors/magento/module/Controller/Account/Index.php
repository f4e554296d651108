<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\View\Result\PageFactory;

class Index implements HttpGetActionInterface, AccountInterface
{
    public function __construct(private readonly PageFactory $pages)
    {
    }

    public function execute(): ResultInterface
    {
        $page = $this->pages->create();
        $page->getConfig()->getTitle()->set(__('My Texts'));
        return $page;
    }
}
