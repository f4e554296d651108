<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\CheckoutInterface;

class GiveMobile extends Shopper
{
    public function __construct(private readonly CheckoutInterface $checkout)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return $this->checkout->giveMobile($args['cart_id'], $args['number']);
    }
}
