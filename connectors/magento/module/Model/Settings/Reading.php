<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

/**
 * From what is typed into Magento's settings to the sidecar's own settings, by their names there.
 */
class Reading
{
    private const TEXT = 'text';
    private const WHOLE = 'whole';
    private const NUMBER = 'number';
    private const YES_NO = 'yesno';
    private const WORDS = 'words';
    private const NUMBERS = 'numbers';

    private const FIELDS = [
        'mode' => ['sending/mode', self::WHOLE],
        'sender' => ['sending/sender', self::TEXT],
        'contact' => ['sending/contact', self::TEXT],
        'transactional_window' => ['sending/transactional_window', self::TEXT],
        'marketing_window' => ['sending/marketing_window', self::TEXT],
        'placed_statuses' => ['sending/placed_statuses', self::WORDS],
        'settle_seconds' => ['sending/settle_seconds', self::WHOLE],
        'recipient' => ['sending/recipient', self::TEXT],
        'free_text' => ['sending/free_text', self::YES_NO],
        'plain_letters' => ['sending/plain_letters', self::YES_NO],
        'cap_per_hour' => ['sending/cap_per_hour', self::WHOLE],
        'cap_per_day' => ['sending/cap_per_day', self::WHOLE],
        'redirect_to' => ['sending/redirect_to', self::TEXT],
        'texts_off' => ['texts/texts_off', self::WORDS],
        'confirm_orders' => ['texts/confirm_orders', self::TEXT],
        'confirmed_status' => ['texts/confirmed_status', self::TEXT],
        'cancelled_status' => ['texts/cancelled_status', self::TEXT],
        'staff_numbers' => ['staff/staff_numbers', self::NUMBERS],
        'staff_events' => ['staff/staff_events', self::WORDS],
        'alerts_enabled' => ['alerts/enabled', self::YES_NO],
        'alert_factor' => ['alerts/alert_factor', self::NUMBER],
        'alert_pause_minutes' => ['alerts/alert_pause_minutes', self::WHOLE],
        'alert_confirmation' => ['alerts/alert_confirmation', self::TEXT],
        'order_consent' => ['checkout/order_consent', self::TEXT],
        'code_countries' => ['checkout/code_countries', self::WORDS],
    ];

    /**
     * Magento knows these already; nobody types them twice.
     */
    private const MAGENTOS = [
        'country' => ['general/country/default', self::TEXT],
        'timezone' => ['general/locale/timezone', self::TEXT],
        'stock_managed' => ['cataloginventory/item_options/manage_stock', self::YES_NO],
    ];
    private const WHERE_EMPTY = [
        'sender' => 'general/store_information/name',
        'contact' => 'general/store_information/phone',
    ];

    /**
     * @param callable(string): string $typed one of the module's settings, by its path
     * @param callable(string): string $magentos one of Magento's own
     * @return array<string, mixed>
     */
    public function settings(callable $typed, callable $magentos): array
    {
        $found = [];
        foreach (self::FIELDS as $name => [$path, $kind]) {
            $found[$name] = $this->read($typed($path), $kind);
        }
        foreach (self::MAGENTOS as $name => [$path, $kind]) {
            $found[$name] = $this->read($magentos($path), $kind);
        }
        foreach (self::WHERE_EMPTY as $name => $path) {
            $found[$name] = $found[$name] !== '' ? $found[$name] : $magentos($path);
        }
        return $found;
    }

    /**
     * Where a setting of the sidecar stands on the page, as group and field.
     */
    public function pathOf(string $setting): string
    {
        return self::FIELDS[$setting][0] ?? '';
    }

    /**
     * @return string[] numbers without what people put between digits
     */
    public static function numbers(string $typed): array
    {
        $plain = array_map(
            fn (string $number) => preg_replace('/[\s().\/-]+/', '', $number),
            preg_split('/[,;\n]+/', $typed)
        );
        return array_values(array_filter($plain));
    }

    private function read(string $typed, string $kind): mixed
    {
        return match ($kind) {
            self::WHOLE => (int)$typed,
            self::NUMBER => (float)str_replace(',', '.', $typed),
            self::YES_NO => $typed === '1',
            self::WORDS => array_values(array_filter(array_map('trim', explode(',', $typed)))),
            self::NUMBERS => self::numbers($typed),
            default => $typed,
        };
    }
}
