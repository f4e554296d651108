<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

use InvalidArgumentException;
use Magento\Backend\Block\Template\Context;
use Magento\Config\Block\System\Config\Form\Field;
use Magento\Framework\Data\Form\Element\AbstractElement;
use Magento\Framework\Phrase;
use Recado\Sms\Model\Settings\Hours as Shown;
use Recado\Sms\Model\Weekdays;

/**
 * Sending hours in fields of their own; what is stored is one text.
 */
class Hours extends Field
{
    private const USUAL = '09:00-18:00';

    /**
     * @var string
     */
    protected $_template = 'Recado_Sms::config/hours.phtml';

    public function __construct(Context $context, private readonly Weekdays $weekdays, array $data = [])
    {
        parent::__construct($context, $data);
    }

    public function shown(): Shown
    {
        try {
            return Shown::read($this->stored());
        } catch (InvalidArgumentException) {
            return Shown::read(self::USUAL);
        }
    }

    /**
     * What is stored and cannot be shown in the fields, or empty.
     */
    public function unreadable(): string
    {
        try {
            Shown::read($this->stored());
            return '';
        } catch (InvalidArgumentException) {
            return $this->stored();
        }
    }

    /**
     * @return array<string, Phrase>
     */
    public function kinds(): array
    {
        return [
            Shown::ALWAYS => __('At any hour'),
            Shown::SAME => __('The same hours every day'),
            Shown::EACH => __('Day by day'),
        ];
    }

    /**
     * @return array<string, string>
     */
    public function days(): array
    {
        return $this->weekdays->names();
    }

    /**
     * Of the scope that is being looked at.
     */
    public function country(): string
    {
        return (string)$this->_scopeConfig->getValue(
            'general/country/default',
            $this->element()->getData('scope') ?: 'default',
            $this->element()->getData('scope_id')
        );
    }

    public function id(string $part = ''): string
    {
        return $this->element()->getHtmlId() . ($part === '' ? '' : "_$part");
    }

    /**
     * Of a field in the form.
     */
    public function name(string ...$path): string
    {
        return $this->element()->getName() . implode('', array_map(fn (string $part) => "[$part]", $path));
    }

    public function isDisabled(): bool
    {
        return (bool)$this->element()->getDisabled();
    }

    public function element(): AbstractElement
    {
        return $this->getData('element');
    }

    protected function _getElementHtml(AbstractElement $element): string
    {
        $this->setData('element', $element);
        return $this->_toHtml();
    }

    private function stored(): string
    {
        return trim((string)$this->element()->getValue());
    }
}
