<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml\Desk;

use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Recado\Sms\Controller\Adminhtml\Desk;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Health;
use Recado\Sms\Model\Sidecar;

class State extends Desk implements HttpGetActionInterface
{
    public const ADMIN_RESOURCE = 'Recado_Sms::config';

    public function __construct(
        Context $context,
        JsonFactory $answers,
        Config $config,
        Sidecar $sidecar,
        private readonly Health $health
    ) {
        parent::__construct($context, $answers, $config, $sidecar);
    }

    protected function answer(): array
    {
        return ['lines' => [...$this->health->ofConnection($this->connection()), ...$this->health->ofShop()]];
    }
}
