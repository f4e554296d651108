<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Recado\Sms\Model\Settings\AddressRule;
use Recado\Sms\Model\Settings\Code;
use Recado\Sms\Model\Settings\ModeRule;
use Recado\Sms\Model\Settings\Reading;

final class SettingsTest extends TestCase
{
    /**
     * @dataProvider addresses
     */
    public function testTokensTravelOnlySafely(string $address, bool $isGood): void
    {
        self::assertSame($isGood, (new AddressRule())->objection($address) === '');
    }

    public static function addresses(): array
    {
        return [
            ['', true],
            ['https://sms.example.org', true],
            ['https://sms.example.org:8443/recado', true],
            ['http://sms.example.org', false],
            ['http://127.0.0.1:8000', true],
            ['http://10.1.2.3:8000', true],
            ['http://recado:8000', true],
            ['http://8.8.8.8', false],
            ['https://ana:secret@sms.example.org', false],
            ['https://sms.example.org/?a=b', false],
            ['sms.example.org', false],
            ['ftp://sms.example.org', false],
        ];
    }

    /**
     * @dataProvider modes
     */
    public function testModesWithAlertsNeedStockAndAlerts(int $mode, bool $stock, bool $alerts, string $names): void
    {
        $objection = (new ModeRule())->objection($mode, $stock, $alerts);
        $names === '' ? self::assertSame('', $objection) : self::assertStringContainsString($names, $objection);
    }

    public static function modes(): array
    {
        return [
            [3, false, false, ''],
            [4, true, true, ''],
            [6, true, true, ''],
            [5, false, true, 'Manage Stock'],
            [6, true, false, 'Availability Alerts'],
        ];
    }

    public function testACodeIsTheAddressAndTheToken(): void
    {
        $token = 'rct_gyPCRtM8ID3bU5rUsqGc4DnRvEzFPQ7SdzptLOHA8Bk';
        self::assertSame(['https://sms.example.org', $token], Code::read(" https://sms.example.org/#$token\n"));
        self::assertNull(Code::read('https://sms.example.org'));
        self::assertNull(Code::read("https://ana@sms.example.org#$token"));
    }

    public function testWhatIsTypedBecomesTheSidecarsSettings(): void
    {
        $typed = [
            'sending/mode' => '6', 'sending/sender' => '', 'sending/contact' => 'ana@loja.example',
            'sending/free_text' => '0', 'sending/placed_statuses' => 'new,processing', 'texts/texts_off' => '',
            'staff/staff_numbers' => '+55 (11) 91234-5678, +351 912 345 678', 'alerts/alert_factor' => '1,5',
        ];
        $magentos = [
            'general/country/default' => 'BR', 'general/locale/timezone' => 'America/Sao_Paulo',
            'cataloginventory/item_options/manage_stock' => '1', 'general/store_information/name' => 'Loja da Ana',
        ];
        $settings = (new Reading())->settings(fn ($path) => $typed[$path] ?? '', fn ($path) => $magentos[$path] ?? '');
        self::assertSame('Loja da Ana', $settings['sender']);
        self::assertSame('ana@loja.example', $settings['contact']);
        self::assertSame(['+5511912345678', '+351912345678'], $settings['staff_numbers']);
        self::assertSame([6, 1.5, false, true], [
            $settings['mode'], $settings['alert_factor'], $settings['free_text'], $settings['stock_managed'],
        ]);
        self::assertSame([['new', 'processing'], []], [$settings['placed_statuses'], $settings['texts_off']]);
        self::assertSame(['BR', 'America/Sao_Paulo'], [$settings['country'], $settings['timezone']]);
    }
}
