<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

class Texts extends Panel
{
    /**
     * @var string
     */
    protected $_template = 'Recado_Sms::config/texts.phtml';
}
