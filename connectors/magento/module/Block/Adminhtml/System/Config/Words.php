<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

use Magento\Framework\Data\Form\Element\CollectionFactory;
use Magento\Framework\Data\Form\Element\Factory;
use Magento\Framework\Data\Form\Element\Textarea;
use Magento\Framework\Escaper;
use Recado\Sms\Model\Wording;

/**
 * For the owner's own words of a consent; in the empty field stand ours.
 */
class Words extends Textarea
{
    private const BEFORE_PURPOSE = 'wording_';

    public function __construct(
        Factory $factoryElement,
        CollectionFactory $factoryCollection,
        Escaper $escaper,
        private readonly Wording $wording,
        $data = []
    ) {
        parent::__construct($factoryElement, $factoryCollection, $escaper, $data);
        $this->setRows(4);
    }

    public function getHtmlAttributes(): array
    {
        return [...parent::getHtmlAttributes(), 'placeholder'];
    }

    public function getElementHtml(): string
    {
        $purpose = substr((string)($this->getData('field_config')['id'] ?? ''), strlen(self::BEFORE_PURPOSE));
        $this->setData('placeholder', $this->wording->ours($purpose));
        return parent::getElementHtml();
    }
}
