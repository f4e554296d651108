<?php
declare(strict_types=1);

use Magento\Framework\Exception\LocalizedException;
use PHPUnit\Framework\TestCase;
use Recado\Sms\Model\Wording;

final class WordingTest extends TestCase
{
    private const PURPOSES = ['orders', 'stock_alerts', 'marketing'];

    public function testOursAreShownWithTheShopsNameUntilTheOwnerWritesOthers(): void
    {
        foreach (self::PURPOSES as $purpose) {
            $words = $this->wording()->of($purpose);
            self::assertStringStartsWith('Loja da Ana may text me', $words);
            self::assertSame(str_replace('{shop}', 'Loja da Ana', $this->wording()->ours($purpose)), $words);
        }
    }

    public function testEachPurposeHasWordsOfItsOwn(): void
    {
        $wording = $this->wording([
            'checkout/wording_orders' => 'Orders of {shop}, {shop}!',
            'checkout/wording_marketing' => 'Offers',
            'alerts/wording_stock_alerts' => '  Alerts of {shop} ',
        ]);
        $all = array_map([$wording, 'of'], self::PURPOSES);
        self::assertSame(['Orders of Loja da Ana, Loja da Ana!', 'Alerts of Loja da Ana', 'Offers'], $all);
        self::assertStringContainsString('{shop}', $wording->ours('orders'));
    }

    public function testTheSenderIsTheShopsNameWhereThereIsOne(): void
    {
        self::assertStringStartsWith('Ana Kids may', $this->wording(['sending/sender' => 'Ana Kids'])->of('orders'));
    }

    public function testNoMoreIsShownThanCanBeKept(): void
    {
        $words = $this->wording(['checkout/wording_orders' => str_repeat('é', 1995) . '{shop}'])->of('orders');
        self::assertSame(2000, mb_strlen($words));
    }

    public function testForAnotherPurposeThereAreNone(): void
    {
        $this->expectException(LocalizedException::class);
        $this->expectExceptionMessage('Choose orders, stock_alerts or marketing.');
        $this->wording()->of('weather');
    }

    /**
     * @param array<string, string> $typed
     */
    private function wording(array $typed = []): Wording
    {
        return new Wording(Typed::config($typed));
    }
}
