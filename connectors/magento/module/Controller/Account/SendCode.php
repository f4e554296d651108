<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\OwnNumber;

class SendCode extends Shopper implements AccountInterface
{
    public function __construct(
        Conversation $with,
        private readonly OwnNumber $numbers,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        $this->numbers->sendCode($this->session->getCustomerData());
        return ['said' => (string)__('We have sent you a text with a code.')];
    }
}
