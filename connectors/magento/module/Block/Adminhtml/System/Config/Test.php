<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

class Test extends Panel
{
    /**
     * @var string
     */
    protected $_template = 'Recado_Sms::config/test.phtml';
}
