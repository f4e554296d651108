<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Model\Settings\ModeRule;

/**
 * A mode that tells of products is chosen only while the shop counts them. Switching either off later keeps the mode.
 */
class Mode extends Value
{
    /**
     * @throws LocalizedException
     */
    public function beforeSave()
    {
        $objection = $this->isValueChanged() ? (new ModeRule())->objection(
            (int)$this->getValue(),
            $this->saved('cataloginventory/item_options/manage_stock') === '1',
            $this->alertsOn()
        ) : '';
        if ($objection !== '') {
            throw new LocalizedException(__($objection));
        }
        return parent::beforeSave();
    }

    /**
     * As it stands on the page that is being saved, else as it was saved before.
     */
    private function alertsOn(): bool
    {
        $groups = (array)$this->getData('groups');
        $typed = $groups['alerts']['fields']['enabled']['value'] ?? null;
        return ($typed ?? $this->saved('recado_sms/alerts/enabled')) === '1';
    }

    private function saved(string $path): string
    {
        return (string)$this->_config->getValue($path, $this->getScope() ?: 'default', $this->getScopeCode());
    }
}
