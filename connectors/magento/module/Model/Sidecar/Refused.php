<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Sidecar;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;

/**
 * The sidecar said no, and why.
 */
class Refused extends LocalizedException
{
    /**
     * @param array<string, string> $errors sentences, by field
     */
    public function __construct(
        public readonly string $reason,
        string $detail,
        public readonly array $errors = []
    ) {
        $sentences = array_map(fn (string $error) => ucfirst(preg_replace('/^[a-z_]+: /', '', $error)), $errors);
        parent::__construct(new Phrase(implode(' ', $sentences) ?: $detail));
    }
}
