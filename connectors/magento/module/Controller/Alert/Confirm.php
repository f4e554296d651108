<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Alert;

use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Controller\Result\RedirectFactory;
use Magento\Framework\Message\ManagerInterface;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Alerts;

class Confirm extends Shopper
{
    public function __construct(
        RequestInterface $request,
        JsonFactory $answers,
        RedirectFactory $redirects,
        ManagerInterface $messages,
        private readonly Alerts $alerts
    ) {
        parent::__construct($request, $answers, $redirects, $messages);
    }

    protected function answer(): array
    {
        $this->alerts->confirm($this->param('id'), $this->param('code'));
        return ['said' => (string)__('Confirmed: we will text you when it is back.')];
    }
}
