<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\OwnNumber;

class CheckCode extends Shopper implements AccountInterface
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
        $this->numbers->checkCode($this->session->getCustomerData(), $this->param('code'));
        return ['said' => (string)__('Your number is confirmed.')];
    }
}
