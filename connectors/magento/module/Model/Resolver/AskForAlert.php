<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\AlertsInterface;

class AskForAlert extends Shopper
{
    public function __construct(private readonly AlertsInterface $alerts)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        $wish = $args['input'];
        $asked = [$wish['sku'], $wish['number'], $wish['variation_sku'] ?? null, $wish['country'] ?? null];
        return $this->shown($context->getExtensionAttributes()->getIsCustomer()
            ? $this->alerts->askAsCustomer((int)$context->getUserId(), ...$asked)
            : $this->alerts->ask(...$asked));
    }
}
