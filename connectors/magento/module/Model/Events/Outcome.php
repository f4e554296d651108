<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Events;

/**
 * What became of one attempt to tell an event.
 */
class Outcome
{
    public const TAKEN = 'taken';
    public const LATER = 'later';
    public const FAULTY = 'faulty';
    public const REFUSED = 'refused';

    /**
     * LATER: it never reached anyone who could take it. FAULTY: the receiver broke on it, which may be the event's
     * own doing. REFUSED: it will not be taken, ever.
     */
    public function __construct(
        public readonly string $kind,
        public readonly string $note = '',
        public readonly int $wait = 0
    ) {
    }
}
