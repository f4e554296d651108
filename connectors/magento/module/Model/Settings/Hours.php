<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use InvalidArgumentException;

/**
 * Sending hours as an owner fills them in: at any hour, the same every day, or day by day, with breaks; and whether
 * public holidays close them. What is typed becomes the text that is stored, and comes from it.
 */
class Hours
{
    public const ALWAYS = 'always';
    public const SAME = 'same';
    public const EACH = 'each';
    private const USUAL = [['09:00', '18:00']];
    private const WHOLE_DAY = [['00:00', '00:00']];

    /**
     * @param array<int, array{0: string, 1: string}> $every the hours of each day, where the kind says that all are alike
     * @param array<string, array<int, array{0: string, 1: string}>> $days those of each, of which only the ticked count
     * @param string[] $ticked
     * @param string $region whose holidays; empty for those of the shop's country
     */
    private function __construct(
        public readonly string $kind,
        public readonly array $every,
        public readonly array $days,
        public readonly array $ticked,
        public readonly bool $holidays,
        public readonly string $region
    ) {
    }

    /**
     * What the fields hold for a stored text. Closed days come with hours, so that a tick opens them.
     *
     * @throws InvalidArgumentException with the part that cannot be read
     */
    public static function read(string $text): self
    {
        $window = Window::read($text);
        $week = $window->week;
        $first = reset($week);
        $areAlike = array_keys($week, $first, true) === Window::DAYS;
        $isAlways = $areAlike && $first === self::WHOLE_DAY;
        $usual = $isAlways ? self::USUAL : $first;
        $days = array_map(fn (string $day) => $isAlways ? $usual : $week[$day] ?? $usual, Window::DAYS);
        return new self(
            $isAlways ? self::ALWAYS : ($areAlike ? self::SAME : self::EACH),
            $usual,
            array_combine(Window::DAYS, $days),
            array_keys($week),
            $window->closedOn !== null,
            (string)$window->closedOn
        );
    }

    /**
     * @param array<string, mixed> $form
     */
    public static function typed(array $form): self
    {
        $days = array_map(fn (string $day) => self::spans($form[$day] ?? []), Window::DAYS);
        return new self(
            in_array($form['kind'] ?? '', [self::ALWAYS, self::EACH], true) ? $form['kind'] : self::SAME,
            self::spans($form['every'] ?? []),
            array_combine(Window::DAYS, $days),
            array_values(array_intersect(Window::DAYS, (array)($form['ticked'] ?? []))),
            !empty($form['holidays']),
            strtoupper(trim((string)($form['region'] ?? '')))
        );
    }

    /**
     * As it is stored.
     */
    public function written(): string
    {
        $parts = match (true) {
            $this->kind === self::EACH => $this->byDays(),
            $this->kind === self::SAME => [$this->listed($this->every)],
            $this->holidays => [$this->listed(self::WHOLE_DAY)],
            default => [self::ALWAYS],
        };
        return implode('; ', [...$parts, ...($this->holidays ? [trim("no holidays $this->region")] : [])]);
    }

    /**
     * The hours that count, by day; of all days together under an empty name.
     *
     * @return array<string, array<int, array{0: string, 1: string}>>
     */
    public function counting(): array
    {
        return match ($this->kind) {
            self::EACH => array_intersect_key($this->days, array_flip($this->ticked)),
            self::SAME => ['' => $this->every],
            default => [],
        };
    }

    /**
     * Days with the same hours together.
     *
     * @return string[]
     */
    private function byDays(): array
    {
        $alike = [];
        foreach ($this->ticked as $day) {
            $alike[$this->listed($this->days[$day])][] = $day;
        }
        return array_map(fn (string $hours, array $days) => $this->named($days) . " $hours", array_keys($alike), $alike);
    }

    /**
     * mon-fri, where more than two follow each other.
     *
     * @param string[] $days
     */
    private function named(array $days): string
    {
        [$first, $last] = [array_search($days[0], Window::DAYS, true), array_search(end($days), Window::DAYS, true)];
        $isRow = count($days) > 2 && $last - $first === count($days) - 1;
        return $isRow ? "$days[0]-" . end($days) : implode(',', $days);
    }

    /**
     * @param array<int, array{0: string, 1: string}> $spans
     */
    private function listed(array $spans): string
    {
        return implode(',', array_map(fn (array $span) => "$span[0]-$span[1]", $spans));
    }

    /**
     * @return array<int, array{0: string, 1: string}> without those in which nothing was typed
     */
    private static function spans(mixed $typed): array
    {
        $column = fn (string $name) => array_map('strval', array_filter((array)($typed[$name] ?? []), 'is_scalar'));
        $pairs = array_map(fn ($from, $until) => [(string)$from, (string)$until], $column('from'), $column('until'));
        return array_values(array_filter($pairs, fn (array $pair) => $pair !== ['', '']));
    }
}
