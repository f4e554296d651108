<?php
declare(strict_types=1);

namespace Recado\Sms\Controller;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\Controller\Result\RedirectFactory;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Message\ManagerInterface;

/**
 * Something a shopper asks for, with the page's script or without it. Posts without the page's form key are turned away
 * by Magento itself.
 */
abstract class Shopper implements HttpPostActionInterface
{
    public function __construct(
        protected readonly RequestInterface $request,
        private readonly JsonFactory $answers,
        private readonly RedirectFactory $redirects,
        private readonly ManagerInterface $messages
    ) {
    }

    public function execute(): ResultInterface
    {
        try {
            $answer = $this->answer();
            $said = (string)($answer['said'] ?? '');
        } catch (LocalizedException $no) {
            $answer = ['error' => $no->getMessage()];
        }
        if ($this->request->isAjax()) {
            return $this->answers->create()->setData($answer);
        }
        isset($answer['error']) ? $this->messages->addErrorMessage($answer['error'])
            : $this->messages->addSuccessMessage($said);
        return $this->redirects->create()->setRefererUrl();
    }

    /**
     * @return array<string, mixed> with a sentence under `said`
     * @throws LocalizedException
     */
    abstract protected function answer(): array;

    protected function param(string $name): string
    {
        $value = $this->request->getParam($name);
        return is_string($value) ? trim($value) : '';
    }
}
