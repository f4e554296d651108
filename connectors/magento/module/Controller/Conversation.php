<?php
declare(strict_types=1);

namespace Recado\Sms\Controller;

use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Controller\Result\RedirectFactory;
use Magento\Framework\Message\ManagerInterface;

/**
 * What is asked, and the ways to answer it.
 */
class Conversation
{
    public function __construct(
        public readonly RequestInterface $request,
        public readonly JsonFactory $answers,
        public readonly RedirectFactory $redirects,
        public readonly ManagerInterface $messages
    ) {
    }
}
