<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\HTTP\PhpEnvironment\RemoteAddress;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Sidecar\ForShoppers;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * Whether a number is a shopper's: a code goes to it and has to come back. What is to be remembered between the two, and
 * for whom, the caller keeps.
 */
class Codes
{
    private const USED_UP = ['unknown_verification', 'code_used', 'code_spent'];
    /** No fault of the shopper's. A limit is not among them: who asks until it is reached would need no code. */
    private const OURS = ['not_sent', 'unauthorized', 'database_down', 'internal_error'];

    public function __construct(
        private readonly Config $config,
        private readonly ForShoppers $sidecar,
        private readonly StoreManagerInterface $stores,
        private readonly RemoteAddress $remote
    ) {
    }

    /**
     * The same number again is the same wish, unless what was sent is used up.
     *
     * @param string $subject whom the code is for: no other can use it
     * @param array<string, mixed> $said what was remembered before
     * @return array<string, mixed>|null what is to be remembered; null where none can be sent just now
     * @throws LocalizedException
     */
    public function send(int $storeId, string $number, string $country, string $subject, string $print, array $said): ?array
    {
        try {
            $sent = ($said['asked_for'] ?? '') === $print ? $this->sentAgain($storeId, $said) : null;
            $sent ??= $this->sidecar->call($this->config->connection($storeId), 'POST', 'verifications', array_filter([
                'number' => $number,
                'country' => $country,
                'ip' => (string)$this->remote->getRemoteAddress(),
                'subject' => $subject,
                'locale' => $this->config->locale($storeId),
                'domain' => $this->host($storeId),
            ], 'strlen'));
        } catch (Unreachable) {
            return null;
        } catch (Refused $refused) {
            if (!in_array($refused->reason, self::OURS, true)) {
                throw $refused;
            }
            return null;
        }
        return ['verification' => $sent['id'], 'asked_for' => $print];
    }

    /**
     * @param array<string, mixed> $said what was remembered when it was sent
     * @return string the print of the number that is confirmed
     * @throws LocalizedException
     */
    public function check(int $storeId, string $code, string $subject, array $said): string
    {
        if (empty($said['verification'])) {
            throw new LocalizedException(__('Have a code sent first.'));
        }
        $path = 'verifications/' . rawurlencode($said['verification']) . '/check';
        $tried = ['code' => preg_replace('/\D/', '', $code), 'subject' => $subject];
        $this->sidecar->call($this->config->connection($storeId), 'POST', $path, $tried);
        return $said['asked_for'];
    }

    /**
     * By which a number is known again however it is spaced. Read as in another country, it is another one; and where
     * more than one may stand in a field, its digits do not tell which is texted.
     */
    public function print(string $number, string $country): string
    {
        $typed = trim($number);
        $isPlain = preg_match('/^\+?[0-9 ().-]+$/D', $typed);
        return hash('sha256', $country . ($isPlain ? preg_replace('/[^0-9+]/', '', $typed) : $typed));
    }

    /**
     * @param array<string, mixed> $said
     * @return array<string, mixed>|null null where another has to be asked for
     */
    private function sentAgain(int $storeId, array $said): ?array
    {
        try {
            $path = 'verifications/' . rawurlencode((string)$said['verification']) . '/resend';
            return $this->sidecar->call($this->config->connection($storeId), 'POST', $path);
        } catch (Refused $refused) {
            if (!in_array($refused->reason, self::USED_UP, true)) {
                throw $refused;
            }
            return null;
        }
    }

    /**
     * Browsers fill a code in for the host it names; an address of digits is none.
     */
    private function host(int $storeId): string
    {
        $host = (string)parse_url($this->stores->getStore($storeId)->getBaseUrl(), PHP_URL_HOST);
        return preg_match('/[a-z]/i', (string)strrchr(".$host", '.')) ? $host : '';
    }
}
