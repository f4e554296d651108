<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

/**
 * What can be the sidecar's address.
 */
class AddressRule
{
    /**
     * Why not, or empty. Tokens and numbers travel to it, so that only a machine at hand may do without https.
     */
    public function objection(string $address): string
    {
        if ($address === '') {
            return '';
        }
        $parts = parse_url($address);
        $extra = is_array($parts) ? array_intersect_key($parts, array_flip(['user', 'pass', 'query', 'fragment'])) : [];
        if (!isset($parts['scheme'], $parts['host']) || $extra) {
            return 'Write the address of Recado like https://sms.example.org.';
        }
        $safe = $parts['scheme'] === 'https' || ($parts['scheme'] === 'http' && $this->isAtHand($parts['host']));
        return $safe ? '' : 'Recado\'s address must begin with https://, or every token and number could be read on '
            . 'its way.';
    }

    private function isAtHand(string $host): bool
    {
        $host = trim($host, '[]');
        if (filter_var($host, FILTER_VALIDATE_IP)) {
            return !filter_var($host, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE);
        }
        return !str_contains($host, '.') || str_ends_with($host, '.local') || str_ends_with($host, '.internal');
    }
}
