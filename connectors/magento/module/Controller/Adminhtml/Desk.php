<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Adminhtml;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Controller\Result\Json;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Exception\LocalizedException;
use Magento\Store\Model\ScopeInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Connection;
use Recado\Sms\Model\Sidecar;

/**
 * What a page of the admin asks of the sidecar, answered as JSON: what was asked for, or one sentence as `error`.
 */
abstract class Desk extends Action
{
    public function __construct(
        Context $context,
        private readonly JsonFactory $answers,
        protected readonly Config $config,
        protected readonly Sidecar $sidecar
    ) {
        parent::__construct($context);
    }

    public function execute(): Json
    {
        try {
            $answer = $this->answer();
        } catch (LocalizedException $no) {
            $answer = ['error' => $no->getMessage()];
        }
        return $this->answers->create()->setData($answer);
    }

    /**
     * @return array<string, mixed>
     * @throws LocalizedException
     */
    abstract protected function answer(): array;

    /**
     * Of the scope the page is about.
     */
    protected function connection(): Connection
    {
        if ($store = $this->getRequest()->getParam('store')) {
            return $this->config->connectionIn(ScopeInterface::SCOPE_STORE, $store);
        }
        if ($website = $this->getRequest()->getParam('website')) {
            return $this->config->connectionIn(ScopeInterface::SCOPE_WEBSITE, $website);
        }
        return $this->config->connectionIn(ScopeConfigInterface::SCOPE_TYPE_DEFAULT, null);
    }

    protected function param(string $name): string
    {
        $value = $this->getRequest()->getParam($name);
        return is_string($value) ? trim($value) : '';
    }
}
