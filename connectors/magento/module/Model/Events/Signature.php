<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

use InvalidArgumentException;

/**
 * Headers by Standard Webhooks: the receiver knows who sent a body, when, and whether it was sent before.
 */
class Signature
{
    private const PREFIX = 'whsec_';

    /**
     * The headers of one event, signed over exactly the bytes that are sent.
     *
     * @return array<string, string>
     */
    public function headers(string $secret, string $eventId, int $timestamp, string $body): array
    {
        $key = base64_decode(preg_replace('/^' . self::PREFIX . '/', '', trim($secret)), true);
        if ($key === false || $key === '') {
            throw new InvalidArgumentException('The events secret is not one: copy it again, with whsec_ in front.');
        }
        $signed = hash_hmac('sha256', "$eventId.$timestamp.$body", $key, true);
        return [
            'webhook-id' => $eventId,
            'webhook-timestamp' => (string)$timestamp,
            'webhook-signature' => 'v1,' . base64_encode($signed),
        ];
    }
}
