<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

/**
 * How long an event waits after an attempt, and when it is given up.
 */
class Patience
{
    private const FIRST = 30;
    /** Short, because one attempt for each shop costs nothing, and all that waits leaves once it is taken. */
    private const LONGEST = 300;
    private const MOST_FAULTS = 10;

    public function wait(int $attempts, Outcome $outcome): int
    {
        return max($outcome->wait, min(self::FIRST * 2 ** min($attempts - 1, 10), self::LONGEST));
    }

    /**
     * Nobody there is never a reason to give up; breaking the receiver again and again is one.
     */
    public function isOver(int $attempts, Outcome $outcome): bool
    {
        return $outcome->kind === Outcome::REFUSED
            || ($outcome->kind === Outcome::FAULTY && $attempts >= self::MOST_FAULTS);
    }
}
