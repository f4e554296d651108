<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\AlertsInterface;

class Alerts extends Shopper
{
    public function __construct(private readonly AlertsInterface $alerts)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return array_map([$this, 'shown'], $this->alerts->getList($this->customerId($context)));
    }
}
