<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Code;

use Magento\Checkout\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Checkout\Verification;

class Check extends Shopper
{
    public function __construct(
        Conversation $with,
        private readonly Verification $verification,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    protected function answer(): array
    {
        $this->verification->check($this->session->getQuote(), $this->param('code'));
        return ['said' => (string)__('Your number is confirmed.')];
    }
}
