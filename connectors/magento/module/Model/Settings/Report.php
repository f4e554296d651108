<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

/**
 * What came of telling a shop its settings.
 */
class Report
{
    /**
     * @param array<string, string> $errors sentences by setting
     * @param string[] $unheard store views whose own settings have no effect
     */
    public function __construct(
        public readonly string $problem,
        public readonly array $errors,
        public readonly array $unheard
    ) {
    }
}
