<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Sidecar;

use Magento\Framework\Phrase;
use Recado\Sms\Model\Connection;
use Recado\Sms\Model\Sidecar;

/**
 * Its refusals said in the shopper's language, and about what a shopper can do. Its own sentences are for the shop.
 */
class ForShoppers extends Sidecar
{
    public function call(
        Connection $connection,
        string $method,
        string $path,
        ?array $body = null,
        array $headers = []
    ): array {
        try {
            return parent::call($connection, $method, $path, $body, $headers);
        } catch (Refused $refused) {
            throw new Refused($refused->reason, (string)$this->sentence($refused->reason));
        } catch (Unreachable $unreachable) {
            throw new Unreachable(__('This did not work. Please try again later.'), $unreachable);
        }
    }

    private function sentence(string $reason): Phrase
    {
        return match ($reason) {
            'bad_number' => __('This is no mobile number that can be texted. Write it as in its country, or with + and'
                . ' the country code in front.'),
            'bad_field' => __('Please check what you wrote.'),
            'wrong_code', 'code_wrong' => __('This code is wrong.'),
            'code_expired', 'unknown_verification' => __('This code is too old. Have a new one sent.'),
            'code_spent' => __('There were too many wrong codes. Have a new one sent.'),
            'code_too_soon' => __('The text is still on its way. Please wait a moment before you ask for another.'),
            'code_limit', 'too_many_requests' => __('That was asked for too often. Please try again in an hour.'),
            'country_not_allowed', 'pumping_stop' => __('Texts cannot be sent to this number.'),
            'mode_without_alerts', 'stock_unmanaged', 'alerts_off' => __('This shop sends no such alerts at the moment.'),
            'said_stop' => __('You told us by text to stop. Only a text from you with START can undo that.'),
            default => __('This did not work. Please try again later.'),
        };
    }
}
