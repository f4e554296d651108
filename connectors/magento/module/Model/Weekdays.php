<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\Locale\ListsInterface;
use Recado\Sms\Model\Settings\Window;

/**
 * The days of the week in the language of who looks at them, Monday first.
 */
class Weekdays
{
    public function __construct(private readonly ListsInterface $lists)
    {
    }

    /**
     * @return array<string, string> by the names that settings have for them
     */
    public function names(): array
    {
        $labels = array_column($this->lists->getOptionWeekdays(), 'label', 'value');
        $names = array_map(
            fn (int $number) => mb_convert_case(mb_substr($labels[$number], 0, 1), MB_CASE_UPPER)
                . mb_substr($labels[$number], 1),
            [1, 2, 3, 4, 5, 6, 0]
        );
        return array_combine(Window::DAYS, $names);
    }
}
