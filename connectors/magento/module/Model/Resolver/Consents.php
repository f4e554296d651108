<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\ConsentsInterface;

class Consents extends Shopper
{
    public function __construct(private readonly ConsentsInterface $consents)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return array_map(fn (object $consent) => [
            'purpose' => $consent->getPurpose(),
            'standing' => $consent->getStanding(),
            'wording' => $consent->getWording(),
        ], $this->consents->getList($this->customerId($context)));
    }
}
