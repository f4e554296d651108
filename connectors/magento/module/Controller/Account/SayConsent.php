<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Consents;

class SayConsent extends Shopper implements AccountInterface
{
    public function __construct(
        Conversation $with,
        private readonly Consents $consents,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        $customer = $this->session->getCustomerData();
        $isHeard = $this->consents->say($customer, $this->param('purpose'), $this->param('agrees') === '1');
        return ['said' => (string)($isHeard ? __('Saved.') : __('Saved. It counts within a few minutes.'))];
    }
}
