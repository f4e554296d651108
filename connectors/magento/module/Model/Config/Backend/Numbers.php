<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Model\Settings\Reading;

class Numbers extends Value
{
    /**
     * @throws LocalizedException
     */
    public function beforeSave()
    {
        $numbers = Reading::numbers((string)$this->getValue());
        foreach ($numbers as $number) {
            if (!preg_match('/^\+[1-9][0-9]{5,14}$/', $number)) {
                throw new LocalizedException(__('Write the number %1 with + and its country, +5511912345678.', $number));
            }
        }
        $this->setValue(implode(', ', $numbers));
        return parent::beforeSave();
    }
}
