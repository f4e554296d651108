<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use InvalidArgumentException;

/**
 * Hours of the week as the sidecar writes them: `mon-fri 09:00-12:00,14:00-18:00; sat 10:00-13:00; no holidays`.
 */
class Window
{
    public const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    private const PRESETS = [
        'always' => '00:00-00:00',
        'fastcommerce' => '09:00-18:00',
        'fr-marketing' => 'mon-sat 10:00-20:00; no holidays FR',
    ];
    public const LONGEST = 300;
    private const NO_HOLIDAYS = '/^no holidays(?: (' . self::REGION . '))?$/D';
    private const REGION = '[A-Z]{2}(?:-[A-Z0-9]{1,3})?';
    private const DAYS_AND_HOURS = '/^(?:([a-z,\- ]*[a-z]) +)?([^a-z]+)$/D';
    private const TIME = '(?:[01]\d|2[0-3]):[0-5]\d';

    /**
     * @param array<string, array<int, array{0: string, 1: string}>> $week from and until, by day; closed days are not in it
     * @param string|null $closedOn whose holidays close it: empty for the shop's own, null for nobody's
     */
    private function __construct(public readonly array $week, public readonly ?string $closedOn)
    {
    }

    /**
     * @throws InvalidArgumentException with the part that cannot be read
     */
    public static function read(string $text): self
    {
        [$week, $closedOn] = [[], null];
        foreach (explode(';', self::PRESETS[$text] ?? $text) as $part) {
            $part = trim($part, ' ');
            if (preg_match(self::NO_HOLIDAYS, $part, $found) && $closedOn === null) {
                $closedOn = $found[1] ?? '';
                continue;
            }
            $more = self::daysAndHours($part);
            if (array_intersect_key($week, $more)) {
                throw new InvalidArgumentException($part);
            }
            $week += $more;
        }
        if (!$week || strlen($text) > self::LONGEST) {
            throw new InvalidArgumentException(substr($text, 0, self::LONGEST));
        }
        $inOrder = [...array_flip(self::DAYS), ...$week];
        return new self(array_intersect_key($inOrder, $week), $closedOn);
    }

    public static function isTime(string $text): bool
    {
        return preg_match('/^' . self::TIME . '$/D', $text) === 1;
    }

    public static function isRegion(string $text): bool
    {
        return preg_match('/^' . self::REGION . '$/D', $text) === 1;
    }

    /**
     * @return array<string, array<int, array{0: string, 1: string}>>
     */
    private static function daysAndHours(string $part): array
    {
        if (!preg_match(self::DAYS_AND_HOURS, $part, $found)) {
            throw new InvalidArgumentException($part);
        }
        $spans = array_map([self::class, 'span'], explode(',', $found[2]));
        $days = $found[1] === '' ? self::DAYS : array_merge(...array_map([self::class, 'days'], explode(',', $found[1])));
        if (count($days) > count(array_unique($days))) {
            throw new InvalidArgumentException($part);
        }
        return array_fill_keys($days, $spans);
    }

    /**
     * @return array{0: string, 1: string}
     */
    private static function span(string $text): array
    {
        if (!preg_match('/^(' . self::TIME . ')-(' . self::TIME . ')$/D', trim($text, ' '), $found)) {
            throw new InvalidArgumentException(trim($text, ' '));
        }
        return [$found[1], $found[2]];
    }

    /**
     * @return string[] sat-mon are three
     */
    private static function days(string $named): array
    {
        $named = trim($named, ' ');
        [$first, $last] = [...explode('-', $named, 2), $named];
        [$since, $until] = [array_search($first, self::DAYS, true), array_search($last, self::DAYS, true)];
        if ($since === false || $until === false) {
            throw new InvalidArgumentException($named);
        }
        $count = ($until - $since + count(self::DAYS)) % count(self::DAYS) + 1;
        return array_slice([...self::DAYS, ...self::DAYS], $since, $count);
    }
}
