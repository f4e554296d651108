<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Backend;

use InvalidArgumentException;
use Magento\Framework\App\Cache\TypeListInterface;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\Config\Value;
use Magento\Framework\Data\Collection\AbstractDb;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Model\Context;
use Magento\Framework\Model\ResourceModel\AbstractResource;
use Magento\Framework\Registry;
use Recado\Sms\Model\Settings\Hours as Typed;
use Recado\Sms\Model\Settings\HoursFault;
use Recado\Sms\Model\Weekdays;

/**
 * Sending hours, filled in on the page or written by a command.
 */
class Hours extends Value
{
    public function __construct(
        Context $context,
        Registry $registry,
        ScopeConfigInterface $config,
        TypeListInterface $cacheTypeList,
        private readonly HoursFault $fault,
        private readonly Weekdays $weekdays,
        ?AbstractResource $resource = null,
        ?AbstractDb $resourceCollection = null,
        array $data = []
    ) {
        parent::__construct($context, $registry, $config, $cacheTypeList, $resource, $resourceCollection, $data);
    }

    /**
     * @throws LocalizedException
     */
    public function beforeSave()
    {
        $value = $this->getValue();
        $this->setValue(is_array($value) ? $this->filledIn(Typed::typed($value)) : $this->written(trim((string)$value)));
        return parent::beforeSave();
    }

    /**
     * What says the same as before stays as it was written.
     */
    private function filledIn(Typed $hours): string
    {
        $fault = $this->fault->in($hours, $this->weekdays->names());
        if ($fault) {
            throw new LocalizedException(__('%1: %2', __($this->getData('field_config/label')), $fault));
        }
        $was = (string)$this->getOldValue();
        try {
            return Typed::read($was)->written() === $hours->written() ? $was : $hours->written();
        } catch (InvalidArgumentException) {
            return $hours->written();
        }
    }

    private function written(string $text): string
    {
        try {
            Typed::read($text);
        } catch (InvalidArgumentException $unreadable) {
            throw new LocalizedException($this->fault->ofText($unreadable->getMessage()));
        }
        return $text;
    }
}
