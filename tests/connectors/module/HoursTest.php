<?php
/**
 * Sending hours: what is stored, what the fields hold of it, and what is wrong in them.
 */
declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Recado\Sms\Model\Settings\Hours;
use Recado\Sms\Model\Settings\HoursFault;
use Recado\Sms\Model\Settings\Window;

final class HoursTest extends TestCase
{
    private const NAMES = [
        'mon' => 'Monday', 'tue' => 'Tuesday', 'wed' => 'Wednesday', 'thu' => 'Thursday', 'fri' => 'Friday',
        'sat' => 'Saturday', 'sun' => 'Sunday',
    ];

    /**
     * @dataProvider stored
     */
    public function testWhatIsStoredIsShownAndComesBack(string $text, string $kind, string $written = ''): void
    {
        $shown = Hours::read($text);
        self::assertSame([$kind, $written ?: $text], [$shown->kind, $shown->written()]);
        self::assertSame($shown->written(), Hours::typed($this->form($shown))->written());
    }

    public static function stored(): array
    {
        return [
            ['always', Hours::ALWAYS],
            ['09:00-18:00', Hours::SAME],
            ['fastcommerce', Hours::SAME, '09:00-18:00'],
            ['00:00-00:00; no holidays', Hours::ALWAYS],
            ['08:00-12:00,14:00-18:00; no holidays DE-BY', Hours::SAME],
            ['mon-fri 09:00-12:00,14:00-18:00; sat 10:00-13:00; no holidays', Hours::EACH],
            ['fr-marketing', Hours::EACH, 'mon-sat 10:00-20:00; no holidays FR'],
            ['sat-mon 22:00-02:00', Hours::EACH, 'mon,sat,sun 22:00-02:00'],
            ['mon , wed 09:00-18:00 ;tue 10:00-11:00', Hours::EACH, 'mon,wed 09:00-18:00; tue 10:00-11:00'],
        ];
    }

    public function testClosedDaysComeWithHoursSoThatATickOpensThem(): void
    {
        $shown = Hours::read('mon-fri 08:00-17:00');
        self::assertSame(['mon', 'tue', 'wed', 'thu', 'fri'], $shown->ticked);
        self::assertSame([['08:00', '17:00']], $shown->days['sun']);
        self::assertSame([['09:00', '18:00']], Hours::read('always')->every);
    }

    /**
     * @dataProvider unreadable
     */
    public function testWhatCannotBeReadIsNamed(string $text, string $part): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessageMatches('/^' . preg_quote($part, '/') . '$/');
        Hours::read($text);
    }

    public static function unreadable(): array
    {
        return [
            ['', ''],
            ['nine to five', 'nine to five'],
            ['mon-fri 9:00-18:00', '9:00-18:00'],
            ['09:00-24:00', '09:00-24:00'],
            ['mo-fri 09:00-18:00', 'mo-fri'],
            ['mon 09:00-18:00; mon-wed 10:00-11:00', 'mon-wed 10:00-11:00'],
            ['mon,mon 09:00-18:00', 'mon,mon 09:00-18:00'],
            ['no holidays', 'no holidays'],
            ['09:00-18:00; no holidays; no holidays', 'no holidays'],
            ['09:00-18:00; no holidays Germany', 'no holidays Germany'],
            ['09:00-18:00;', ''],
            ['09:00-18:00' . str_repeat(',09:00-18:00', 30), substr('09:00-18:00' . str_repeat(',09:00-18:00', 30), 0, 300)],
        ];
    }

    /**
     * @dataProvider filledIn
     */
    public function testWhatIsWrongInTheFieldsIsSaidAndWhere(array $form, string $sentence): void
    {
        self::assertSame($sentence, (string)(new HoursFault())->in(Hours::typed($form), self::NAMES));
    }

    public static function filledIn(): array
    {
        $fine = ['from' => ['09:00'], 'until' => ['18:00']];
        $half = ['from' => ['09:00', '14:00'], 'until' => ['12:00', '']];
        $region = 'Name the country of the holidays by its code, such as BR, or DE-BY for a part of it.';
        $when = 'say from when until when, such as 09:00 to 18:00.';
        return [
            'always' => [['kind' => 'always', 'every' => $half], ''],
            'the same' => [['kind' => 'same', 'every' => $fine], ''],
            'a break half filled in' => [['kind' => 'same', 'every' => $half], "Every day: $when"],
            'nothing at all' => [[], "Every day: $when"],
            'no day' => [['kind' => 'each', 'mon' => $fine], 'Tick at least one day, or choose any hour.'],
            'one day' => [['kind' => 'each', 'ticked' => ['mon'], 'mon' => $fine, 'tue' => $half], ''],
            'an empty day' => [['kind' => 'each', 'ticked' => ['mon', 'tue'], 'mon' => $fine], "Tuesday: $when"],
            'no time' => [['kind' => 'same', 'every' => ['from' => ['9'], 'until' => ['18:00']]], "Every day: $when"],
            'no country' => [['kind' => 'always', 'holidays' => '1', 'region' => 'Brazil'], $region],
            'a country' => [['kind' => 'always', 'holidays' => '1', 'region' => ' br '], ''],
            'holidays of the shop itself' => [['kind' => 'always', 'holidays' => '1', 'region' => ''], ''],
            'a country that does not count' => [['kind' => 'always', 'region' => 'Brazil'], ''],
        ];
    }

    public function testMoreThanTheSidecarKeepsIsRefusedAndNotCutOff(): void
    {
        $form = ['kind' => 'each', 'ticked' => Window::DAYS];
        foreach (Window::DAYS as $at => $day) {
            $hours = fn (int $minute) => array_map(fn (int $h) => sprintf('%02d:%02d', $h, $minute + $at), [6, 9, 12, 15]);
            $form[$day] = ['from' => $hours(0), 'until' => $hours(30)];
        }
        self::assertStringStartsWith('These are too many', (string)(new HoursFault())->in(Hours::typed($form), self::NAMES));
        array_pop($form['ticked']);
        array_pop($form['ticked']);
        self::assertSame('', (string)(new HoursFault())->in(Hours::typed($form), self::NAMES));
    }

    public function testAnEmptyPairOfFieldsIsNone(): void
    {
        $every = ['from' => ['', '09:00'], 'until' => ['', '12:00']];
        self::assertSame('09:00-12:00', Hours::typed(['kind' => 'same', 'every' => $every])->written());
    }

    /**
     * As a browser posts the fields.
     */
    private function form(Hours $shown): array
    {
        $fields = fn (array $spans) => ['from' => array_column($spans, 0), 'until' => array_column($spans, 1)];
        return [
            'kind' => $shown->kind, 'every' => $fields($shown->every), 'ticked' => $shown->ticked,
            'region' => $shown->region, ...($shown->holidays ? ['holidays' => '1'] : []),
            ...array_map($fields, array_combine(Window::DAYS, array_values($shown->days))),
        ];
    }
}
