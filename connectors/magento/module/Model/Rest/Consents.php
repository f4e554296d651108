<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Rest;

use Magento\Customer\Api\CustomerRepositoryInterface;
use Recado\Sms\Api\ConsentsInterface;
use Recado\Sms\Api\Data\ConsentInterfaceFactory;
use Recado\Sms\Model\Consents as Standings;
use Recado\Sms\Model\OwnNumber;
use Recado\Sms\Model\Wording;

class Consents implements ConsentsInterface
{
    public function __construct(
        private readonly Standings $standings,
        private readonly OwnNumber $numbers,
        private readonly Wording $wording,
        private readonly CustomerRepositoryInterface $customers,
        private readonly ConsentInterfaceFactory $consents
    ) {
    }

    public function sendCode(int $customerId)
    {
        $this->numbers->sendCode($this->customers->getById($customerId));
        return true;
    }

    public function checkCode(int $customerId, string $code)
    {
        $this->numbers->checkCode($this->customers->getById($customerId), $code);
        return true;
    }

    public function getList(int $customerId)
    {
        $standings = $this->standings->of($this->customers->getById($customerId));
        return array_map(fn (string $purpose) => $this->consents->create([
            'purpose' => $purpose,
            'standing' => (string)($standings[$purpose] ?? ''),
            'wording' => $this->wording->of($purpose),
        ]), Standings::PURPOSES);
    }

    public function say(int $customerId, string $purpose, bool $agrees)
    {
        return $this->standings->say($this->customers->getById($customerId), $purpose, $agrees);
    }
}
