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

class Waive extends Shopper
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
        $this->verification->waive($this->session->getQuote());
        return ['said' => (string)__('You can place your order without a mobile phone.')];
    }
}
