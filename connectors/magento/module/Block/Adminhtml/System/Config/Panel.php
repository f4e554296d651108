<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

use Magento\Backend\Block\Template\Context;
use Magento\Config\Block\System\Config\Form\Field;
use Magento\Framework\Data\Form\Element\AbstractElement;
use Magento\Framework\Serialize\Serializer\JsonHexTag;

/**
 * A part of the settings page that asks the sidecar once the page stands, so that the page never waits for it.
 */
abstract class Panel extends Field
{
    public function __construct(Context $context, private readonly JsonHexTag $json, array $data = [])
    {
        parent::__construct($context, $data);
    }

    /**
     * @param array<string, mixed> $more
     */
    public function script(string $component, array $more = []): string
    {
        return $this->json->serialize(['*' => [$component => [...$this->urls(), ...$more]]]);
    }

    public function render(AbstractElement $element): string
    {
        $element->unsScope()->unsCanUseWebsiteValue()->unsCanUseDefaultValue();
        return parent::render($element);
    }

    protected function _getElementHtml(AbstractElement $element): string
    {
        return $this->_toHtml();
    }

    /**
     * Of the scope that is being looked at.
     *
     * @return array<string, string>
     */
    private function urls(): array
    {
        $scope = array_filter([
            'website' => $this->getRequest()->getParam('website'),
            'store' => $this->getRequest()->getParam('store'),
        ]);
        return [
            'stateUrl' => $this->getUrl('recado_sms/desk/state', $scope),
            'textsUrl' => $this->getUrl('recado_sms/desk/texts', $scope),
            'testUrl' => $this->getUrl('recado_sms/desk/test', $scope),
            'messageUrl' => $this->getUrl('recado_sms/desk/message', $scope),
            'ownTextUrl' => $this->getUrl('recado_sms/desk/ownText', $scope),
        ];
    }
}
