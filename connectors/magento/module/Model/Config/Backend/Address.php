<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Model\Settings\AddressRule;

class Address extends Value
{
    /**
     * @throws LocalizedException
     */
    public function beforeSave()
    {
        $this->setValue(rtrim(trim((string)$this->getValue()), '/'));
        if ($objection = (new AddressRule())->objection($this->getValue())) {
            throw new LocalizedException(__($objection));
        }
        return parent::beforeSave();
    }
}
