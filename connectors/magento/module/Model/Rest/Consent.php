<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Recado\Sms\Api\Data\ConsentInterface;

class Consent implements ConsentInterface
{
    public function __construct(
        private readonly string $purpose = '',
        private readonly string $standing = '',
        private readonly string $wording = ''
    ) {
    }

    public function getPurpose()
    {
        return $this->purpose;
    }

    public function getStanding()
    {
        return $this->standing;
    }

    public function getWording()
    {
        return $this->wording;
    }
}
