<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Recado\Sms\Api\WordingInterface;

class Wording extends Shopper
{
    public function __construct(private readonly WordingInterface $wording)
    {
    }

    protected function answer(object $context, array $args): mixed
    {
        return $this->wording->of($args['purpose']);
    }
}
