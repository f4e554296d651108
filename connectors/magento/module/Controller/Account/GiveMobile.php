<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\OwnNumber;

class GiveMobile extends Shopper implements AccountInterface
{
    public function __construct(
        Conversation $with,
        private readonly NumberForTexts $number,
        private readonly OwnNumber $own,
        private readonly Config $config,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        if (!$this->config->asksMobile()) {
            throw new LocalizedException(__('This shop does not ask for a mobile number for texts.'));
        }
        $this->number->check($this->param('mobile'));
        $this->own->giveMobile($this->session->getCustomerData(), $this->param('mobile'));
        return ['said' => (string)__('Saved.')];
    }
}
