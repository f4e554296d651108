<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Model\Settings\AddressRule;
use Recado\Sms\Model\Settings\Code;

class Address extends Value
{
    /**
     * @throws LocalizedException
     */
    public function beforeSave()
    {
        $this->setValue(rtrim(trim((string)$this->getValue()), '/'));
        $address = Code::read($this->getValue())[0] ?? $this->getValue();
        if ($objection = (new AddressRule())->objection($address)) {
            throw new LocalizedException(__($objection));
        }
        return parent::beforeSave();
    }
}
