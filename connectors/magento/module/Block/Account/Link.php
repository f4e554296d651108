<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Account;

use Magento\Customer\Block\Account\SortLink;
use Magento\Framework\App\DefaultPathInterface;
use Magento\Framework\View\Element\Template\Context;
use Recado\Sms\Model\Config;

class Link extends SortLink
{
    public function __construct(
        Context $context,
        DefaultPathInterface $defaultPath,
        private readonly Config $config,
        array $data = []
    ) {
        parent::__construct($context, $defaultPath, $data);
    }

    protected function _toHtml(): string
    {
        return $this->config->connection()->takesCalls() ? parent::_toHtml() : '';
    }
}
