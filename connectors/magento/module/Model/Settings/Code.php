<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

/**
 * The code that an owner pastes in: the sidecar's address, #, and the shop's token.
 */
class Code
{
    /**
     * @return array{0: string, 1: string}|null address and token; null where it is no such code
     */
    public static function read(string $pasted): ?array
    {
        return preg_match('~^(https?://[^\s#?@]+?)/*#(rct_[A-Za-z0-9_-]{20,})$~', trim($pasted), $found)
            ? [$found[1], $found[2]]
            : null;
    }
}
