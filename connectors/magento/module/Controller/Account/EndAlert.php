<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Account;

use Magento\Customer\Controller\AccountInterface;
use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Alerts;

class EndAlert extends Shopper implements AccountInterface
{
    public function __construct(
        Conversation $with,
        private readonly Alerts $alerts,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        $this->alerts->end((int)$this->session->getCustomerId(), $this->param('id'));
        return ['said' => (string)__('You will not be told about this product any more.')];
    }
}
