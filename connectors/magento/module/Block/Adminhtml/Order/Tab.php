<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\Order;

use Magento\Backend\Block\Template;
use Magento\Backend\Block\Template\Context;
use Magento\Backend\Block\Widget\Tab\TabInterface;
use Magento\Framework\Phrase;
use Magento\Framework\Registry;
use Magento\Framework\Serialize\Serializer\JsonHexTag;
use Magento\Sales\Model\Order;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Config;

/**
 * An order's texts. The page stands before the sidecar is asked for them.
 */
class Tab extends Template implements TabInterface
{
    /**
     * @var string
     */
    protected $_template = 'Recado_Sms::order/tab.phtml';

    public function __construct(
        Context $context,
        private readonly Registry $registry,
        private readonly Config $config,
        private readonly JsonHexTag $json,
        array $data = []
    ) {
        parent::__construct($context, $data);
    }

    public function order(): Order
    {
        return $this->registry->registry('current_order');
    }

    public function maySend(): bool
    {
        return $this->config->mode($this->order()->getStoreId()) > 0
            && $this->_authorization->isAllowed('Recado_Sms::send');
    }

    public function number(): string
    {
        return (string)$this->order()->getData(NumberForTexts::MOBILE)
            ?: (string)$this->order()->getBillingAddress()?->getTelephone();
    }

    public function script(): string
    {
        $order = ['order_id' => $this->order()->getId()];
        return $this->json->serialize(['*' => ['Recado_Sms/js/order' => [
            'textsUrl' => $this->getUrl('recado_sms/order/texts', $order),
            'sendUrl' => $this->getUrl('recado_sms/order/send', $order),
            'answerUrl' => $this->getUrl('recado_sms/order/answer', $order),
            'mode' => $this->config->mode($this->order()->getStoreId()),
        ]]]);
    }

    public function getTabLabel(): Phrase
    {
        return __('Texts');
    }

    public function getTabTitle(): Phrase
    {
        return __('Texts to the Customer');
    }

    public function canShowTab(): bool
    {
        return $this->config->connection($this->order()->getStoreId())->takesCalls()
            && $this->_authorization->isAllowed('Recado_Sms::messages');
    }

    public function isHidden(): bool
    {
        return false;
    }
}
