<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\OwnNumber;

/**
 * That the number is the customer's: a code is sent, or the one that was typed is checked.
 */
class Prove extends Shopper implements AccountInterface
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
        $customer = $this->session->getCustomerData();
        if ($this->param('send') === '1') {
            $this->numbers->sendCode($customer);
            return ['said' => (string)__('We have sent you a text with a code.')];
        }
        $this->numbers->checkCode($customer, $this->param('code'));
        return ['said' => (string)__('Your number is confirmed.')];
    }
}
