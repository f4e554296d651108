<?php
declare(strict_types=1);

namespace Recado\Sms\Block\Adminhtml\System\Config;

class State extends Panel
{
    /**
     * @var string
     */
    protected $_template = 'Recado_Sms::config/state.phtml';
}
