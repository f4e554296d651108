<?php
declare(strict_types=1);

namespace Recado\Sms\Controller;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\Exception\LocalizedException;

/**
 * Something a shopper asks for, with the page's script or without it. Posts without the page's form key are turned away
 * by Magento itself.
 */
abstract class Shopper implements HttpPostActionInterface
{
    public function __construct(private readonly Conversation $with)
    {
    }

    public function execute(): ResultInterface
    {
        try {
            $answer = $this->answer();
            $said = (string)($answer['said'] ?? '');
        } catch (LocalizedException $no) {
            $answer = ['error' => $no->getMessage()];
        }
        if ($this->with->request->isAjax()) {
            return $this->with->answers->create()->setData($answer);
        }
        isset($answer['error']) ? $this->with->messages->addErrorMessage($answer['error'])
            : $this->with->messages->addSuccessMessage($said);
        return $this->with->redirects->create()->setRefererUrl();
    }

    /**
     * @return array<string, mixed> with a sentence under `said`
     * @throws LocalizedException
     */
    abstract protected function answer(): array;

    protected function param(string $name): string
    {
        $value = $this->with->request->getParam($name);
        return is_string($value) ? trim($value) : '';
    }
}
