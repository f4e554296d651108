<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Recado\Sms\Model\Events\Outcome;
use Recado\Sms\Model\Events\Patience;
use Recado\Sms\Model\Events\Signature;
use Recado\Sms\Model\Events\Trimmed;
use Recado\Sms\Model\Events\Verdict;

final class EventsTest extends TestCase
{
    private const NOW = 1_764_115_200;

    public function testTheSignatureIsTheOneOfTheStandard(): void
    {
        // The example of the specification's own library.
        $headers = (new Signature())->headers(
            'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
            'msg_p5jXN8AQM9LWM0D4loKWxJek',
            1_614_265_330,
            '{"test": 2432232314}'
        );
        self::assertSame('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $headers['webhook-signature']);
        self::assertSame('1614265330', $headers['webhook-timestamp']);
    }

    public function testASecretThatIsNoneIsNamedAndNothingIsSigned(): void
    {
        $this->expectException(InvalidArgumentException::class);
        (new Signature())->headers('whsec_!', 'a', 1, '{}');
    }

    /**
     * @dataProvider answers
     */
    public function testWhatAnAnswerMeans(int $status, array $headers, string $kind, int $wait): void
    {
        $outcome = (new Verdict())->of($status, $headers, 'because', self::NOW);
        self::assertSame([$kind, $wait], [$outcome->kind, $outcome->wait]);
    }

    public static function answers(): array
    {
        return [
            'taken' => [202, [], Outcome::TAKEN, 0],
            'wrong secret: nothing is lost' => [401, [], Outcome::LATER, 0],
            'unknown shop' => [404, [], Outcome::LATER, 0],
            'later, in seconds' => [429, ['retry-after' => '120'], Outcome::LATER, 120],
            'later, by a date' => [
                503, ['retry-after' => gmdate('D, d M Y H:i:s', self::NOW + 90) . ' GMT'], Outcome::LATER, 90,
            ],
            'later, never' => [429, ['retry-after' => '99999999'], Outcome::LATER, 86400],
            'later, in the past' => [503, ['retry-after' => 'Mon, 01 Jan 2001 00:00:00 GMT'], Outcome::LATER, 0],
            'later, nonsense' => [503, ['retry-after' => 'soon'], Outcome::LATER, 0],
            'a proxy without anyone behind it' => [502, [], Outcome::LATER, 0],
            'broken' => [500, [], Outcome::FAULTY, 0],
            'somewhere else' => [301, [], Outcome::FAULTY, 0],
            'too large' => [413, [], Outcome::REFUSED, 0],
        ];
    }

    public function testWaitingGrowsToFiveMinutesAndARetryAfterIsKept(): void
    {
        $patience = new Patience();
        $later = new Outcome(Outcome::LATER);
        $waits = array_map(fn (int $attempts) => $patience->wait($attempts, $later), [1, 2, 3, 4, 5, 500]);
        self::assertSame([30, 60, 120, 240, 300, 300], $waits);
        self::assertSame(900, $patience->wait(1, new Outcome(Outcome::LATER, '', 900)));
    }

    public function testNobodyThereIsNeverAReasonToGiveUp(): void
    {
        $patience = new Patience();
        self::assertFalse($patience->isOver(1000, new Outcome(Outcome::LATER)));
        self::assertFalse($patience->isOver(9, new Outcome(Outcome::FAULTY)));
        self::assertTrue($patience->isOver(10, new Outcome(Outcome::FAULTY)));
        self::assertTrue($patience->isOver(1, new Outcome(Outcome::REFUSED)));
    }

    public function testAnOrderIsCutDownToWhatTextsAreMadeOf(): void
    {
        $order = [
            'entity_id' => 12, 'increment_id' => '000000012', 'status' => 'new', 'remote_ip' => '203.0.113.7',
            'customer_email' => 'ana@example.com', 'total_refunded' => null,
            'billing_address' => ['telephone' => '1', 'street' => ['Rua Augusta 1'], 'email' => 'ana@example.com'],
            'payment' => ['method' => 'checkmo', 'cc_last4' => '4242'],
            'items' => [['item_id' => 1, 'sku' => 'tee', 'base_cost' => 3]],
            'extension_attributes' => [
                'shipping_assignments' => [['shipping' => ['method' => 'flat']]], 'taxes' => [1],
                'recado_mobile' => '(11) 91234-5678',
            ],
        ];
        self::assertSame([
            'entity_id' => 12, 'increment_id' => '000000012', 'status' => 'new',
            'billing_address' => ['telephone' => '1'],
            'payment' => ['method' => 'checkmo'],
            'items' => [['item_id' => 1, 'sku' => 'tee']],
            'extension_attributes' => [
                'shipping_assignments' => [['shipping' => ['method' => 'flat']]],
                'recado_mobile' => '(11) 91234-5678',
            ],
        ], (new Trimmed())->order($order));
    }

    public function testFinding23OrdersWithoutAnythingToShipHaveNoAddress(): void
    {
        $shown = (new Trimmed())->order(['entity_id' => 1]);
        self::assertSame([['shipping' => []]], $shown['extension_attributes']['shipping_assignments']);
    }

    public function testAParcelIsToldWithTheOneNumberItIsAbout(): void
    {
        $shipment = ['entity_id' => 5, 'order_id' => 1, 'items' => [1], 'tracks' => [
            ['entity_id' => 7, 'track_number' => 'A', 'weight' => 1],
            ['entity_id' => 8, 'track_number' => 'B', 'weight' => 1],
        ]];
        $shown = (new Trimmed())->shipment($shipment, 8);
        self::assertSame([['entity_id' => 8, 'track_number' => 'B']], $shown['tracks']);
        self::assertSame([], (new Trimmed())->shipment($shipment, 0)['tracks']);
    }
}
