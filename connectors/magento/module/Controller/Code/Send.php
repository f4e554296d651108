<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Code;

use Magento\Checkout\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Checkout\Verification;

class Send extends Shopper
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
        $isSent = $this->verification->send($this->session->getQuote(), $this->param('number'), $this->param('country'));
        return ['sent' => $isSent, 'said' => (string)($isSent
            ? __('We have sent you a text with a code.')
            : __('No code can be sent just now. You can place your order without it.'))];
    }
}
