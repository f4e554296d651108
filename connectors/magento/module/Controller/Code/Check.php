<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Code;

use Magento\Checkout\Model\Session;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Controller\Result\RedirectFactory;
use Magento\Framework\Message\ManagerInterface;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Checkout\Verification;

class Check extends Shopper
{
    public function __construct(
        RequestInterface $request,
        JsonFactory $answers,
        RedirectFactory $redirects,
        ManagerInterface $messages,
        private readonly Verification $verification,
        private readonly Session $session
    ) {
        parent::__construct($request, $answers, $redirects, $messages);
    }

    protected function answer(): array
    {
        $this->verification->check($this->session->getQuote(), $this->param('code'));
        return ['said' => (string)__('Your number is confirmed.')];
    }
}
