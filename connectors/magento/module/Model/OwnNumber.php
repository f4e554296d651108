<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Customer\Api\Data\AddressInterface;
use Magento\Customer\Api\Data\CustomerInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Store\Model\StoreManagerInterface;

/**
 * A customer's number, and whether it is proved to be theirs: anybody can type anybody's.
 */
class OwnNumber
{
    public function __construct(
        private readonly Proofs $proofs,
        private readonly Config $config,
        private readonly Codes $codes,
        private readonly StoreManagerInterface $stores
    ) {
    }

    /**
     * The mobile that was given for texts, where the shop asks for one, else that of the default billing address, else of the first that has one.
     *
     * @return array{0: string, 1: string} number and country
     * @throws LocalizedException
     */
    public function of(CustomerInterface $customer): array
    {
        $mobile = $this->mobile((int)$customer->getId());
        if ($mobile[0] !== '') {
            return $mobile;
        }
        foreach ($this->addresses($customer) as $address) {
            if (trim((string)$address->getTelephone()) !== '') {
                return [trim($address->getTelephone()), (string)$address->getCountryId()];
            }
        }
        throw new LocalizedException(__('Add an address with your mobile number to your address book first.'));
    }

    /**
     * @return array{0: string, 1: string} number and country, both empty where none was given or is asked for any more
     */
    public function mobile(int $customerId): array
    {
        return $this->config->asksMobile() ? $this->proofs->of($customerId)['mobile'] ?? ['', ''] : ['', ''];
    }

    /**
     * Read as in the country of their address, else of the shop.
     *
     * @param string $typed empty for none
     */
    public function giveMobile(CustomerInterface $customer, string $typed): void
    {
        $address = $this->addresses($customer)[0] ?? null;
        $country = $address ? (string)$address->getCountryId() : $this->config->country();
        $this->keepMobile((int)$customer->getId(), $typed, $country);
    }

    public function keepMobile(int $customerId, string $number, string $country): void
    {
        $this->proofs->add($customerId, ['mobile' => [$number, $number === '' ? '' : $country]]);
    }

    /**
     * Another one given later is another number.
     *
     * @throws LocalizedException where there is none
     */
    public function isProven(CustomerInterface $customer): bool
    {
        return $this->isOf((int)$customer->getId(), ...$this->of($customer));
    }

    /**
     * Whether this very number is proved to be a customer's, wherever it is written.
     */
    public function isOf(int $customerId, string $number, string $country): bool
    {
        return ($this->proofs->of($customerId)['confirmed'] ?? '') === $this->codes->print($number, $country);
    }

    public function remember(int $customerId, string $number, string $country): void
    {
        $this->proofs->add($customerId, ['confirmed' => $this->codes->print($number, $country)]);
    }

    /**
     * @return array{0: string, 1: string} number and country
     * @throws LocalizedException where it is not proved to be theirs
     */
    public function proven(CustomerInterface $customer): array
    {
        // Read once: an order may give another number meanwhile.
        $number = $this->of($customer);
        if (!$this->isOf((int)$customer->getId(), ...$number)) {
            throw new LocalizedException(__('Confirm first that this number is yours: have a code sent to it.'));
        }
        return $number;
    }

    /**
     * @throws LocalizedException
     */
    public function sendCode(CustomerInterface $customer): void
    {
        $id = (int)$customer->getId();
        [$number, $country] = $this->of($customer);
        $said = $this->proofs->of($id);
        $print = $this->codes->print($number, $country);
        $sent = $this->codes->send($this->storeId(), $number, $country, $this->subject($id), $print, $said);
        if ($sent === null) {
            throw new LocalizedException(__('No code can be sent just now. Please try again later.'));
        }
        $this->proofs->add($id, $sent);
    }

    /**
     * @throws LocalizedException
     */
    public function checkCode(CustomerInterface $customer, string $code): void
    {
        $id = (int)$customer->getId();
        $confirmed = $this->codes->check($this->storeId(), $code, $this->subject($id), $this->proofs->of($id));
        $this->proofs->add($id, ['confirmed' => $confirmed]);
    }

    /**
     * @return AddressInterface[] the one they are billed at first
     */
    private function addresses(CustomerInterface $customer): array
    {
        $addresses = array_values((array)$customer->getAddresses());
        usort($addresses, fn ($one, $other) => (int)$other->isDefaultBilling() <=> (int)$one->isDefaultBilling());
        return $addresses;
    }

    private function subject(int $customerId): string
    {
        return "customer-$customerId";
    }

    private function storeId(): int
    {
        return (int)$this->stores->getStore()->getId();
    }
}
