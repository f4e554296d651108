<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use Magento\Framework\Phrase;

/**
 * What is wrong with hours, in a sentence that says where.
 */
class HoursFault
{
    /**
     * @param array<string, string> $names of the days
     */
    public function in(Hours $hours, array $names): ?Phrase
    {
        if ($hours->kind === Hours::EACH && !$hours->ticked) {
            return __('Tick at least one day, or choose any hour.');
        }
        foreach ($hours->counting() as $day => $spans) {
            if (!$spans || array_filter($spans, fn (array $span) => !$this->isSpan($span))) {
                $name = $day === '' ? __('Every day') : $names[$day];
                return __('%1: say from when until when, such as 09:00 to 18:00.', $name);
            }
        }
        if (strlen($hours->written()) > Window::LONGEST) {
            return __('These are too many different hours to be kept: give some days the same.');
        }
        return $hours->holidays && $hours->region !== '' && !Window::isRegion($hours->region)
            ? __('Name the country of the holidays by its code, such as BR, or DE-BY for a part of it.') : null;
    }

    public function ofText(string $part): Phrase
    {
        return __(
            'These hours cannot be read: %1. Write them like mon-fri 09:00-12:00,14:00-18:00; sat 10:00-13:00; no'
            . ' holidays, or always.',
            $part
        );
    }

    /**
     * @param array{0: string, 1: string} $span
     */
    private function isSpan(array $span): bool
    {
        return Window::isTime($span[0]) && Window::isTime($span[1]);
    }
}
