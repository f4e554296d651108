<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\Order;

use Magento\Backend\Block\Template;
use Magento\Backend\Block\Template\Context;
use Magento\Framework\Registry;
use Recado\Sms\Model\Checkout\NumberForTexts;

/**
 * The mobile number given for texts, among what is known of the customer.
 */
class Mobile extends Template
{
    public function __construct(Context $context, private readonly Registry $registry, array $data = [])
    {
        parent::__construct($context, $data);
    }

    public function number(): string
    {
        return (string)$this->registry->registry('current_order')?->getData(NumberForTexts::MOBILE);
    }

    protected function _toHtml(): string
    {
        return $this->number() === '' ? '' : parent::_toHtml();
    }
}
