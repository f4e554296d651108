<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Recado\Sms\Api\Data\AlertInterface;

class Alert implements AlertInterface
{
    /**
     * @param array<string, mixed> $told as the sidecar tells it
     */
    public function __construct(private readonly array $told = [])
    {
    }

    public function getId()
    {
        return $this->text('id');
    }

    public function getConfirmation()
    {
        return $this->text('confirmation');
    }

    public function getProductId()
    {
        return $this->text('product_id');
    }

    public function getVariationId()
    {
        return $this->text('variation_id');
    }

    public function getNumber()
    {
        return $this->text('number');
    }

    public function getState()
    {
        return $this->text('state');
    }

    private function text(string $name): string
    {
        return (string)($this->told[$name] ?? '');
    }
}
