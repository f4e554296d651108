<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\ConsentsInterface;

class ProveNumber extends Shopper
{
    public function __construct(private readonly ConsentsInterface $consents)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return $this->consents->sendCode($this->customerId($context));
    }
}
