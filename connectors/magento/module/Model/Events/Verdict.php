<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

/**
 * Reads what an answer to a posted event means for it.
 */
class Verdict
{
    private const LONGEST_WAIT = 86400;
    /** The connection is set up wrongly: nothing is lost while it is being mended. */
    private const SETTINGS = [401, 403, 404];
    private const BUSY = [408, 425, 429, 502, 503, 504];

    /**
     * @param array<string, string> $headers in lower case
     */
    public function of(int $status, array $headers, string $detail, int $now): Outcome
    {
        $note = trim("HTTP $status " . mb_substr($detail, 0, 200));
        if ($status >= 200 && $status < 300) {
            return new Outcome(Outcome::TAKEN);
        }
        if (in_array($status, self::SETTINGS, true) || in_array($status, self::BUSY, true)) {
            return new Outcome(Outcome::LATER, $note, $this->wait($headers['retry-after'] ?? '', $now));
        }
        return $status >= 500 || $status < 400
            ? new Outcome(Outcome::FAULTY, $note)
            : new Outcome(Outcome::REFUSED, $note);
    }

    /**
     * Seconds, written as such or as a date.
     */
    private function wait(string $retryAfter, int $now): int
    {
        $asked = ctype_digit($retryAfter) ? (int)$retryAfter : ((int)strtotime($retryAfter) ?: $now) - $now;
        return max(0, min($asked, self::LONGEST_WAIT));
    }
}
