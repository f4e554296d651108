<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\ConsentsInterface;

class CheckNumber extends Shopper
{
    public function __construct(private readonly ConsentsInterface $consents)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return $this->consents->checkCode($this->customerId($context), $args['code']);
    }
}
