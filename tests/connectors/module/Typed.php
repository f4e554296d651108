<?php
/**
 * Settings as an owner typed them; where nothing was, those that the module comes with.
 */
declare(strict_types=1);

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Config;

final class Typed implements ScopeConfigInterface
{
    private const CONNECTED = [
        'connection/address' => 'https://sms.example', 'connection/shop_id' => 'shop_1', 'connection/api_token' => 't',
    ];
    private const OF_MAGENTO = ['general/store_information/name' => 'Loja da Ana'];

    /**
     * @param array<string, string> $typed by group and field
     */
    private function __construct(private readonly array $typed)
    {
    }

    /**
     * @param array<string, string> $typed
     */
    public static function config(array $typed): Config
    {
        $stores = new class implements StoreManagerInterface {
            public function getStores($withDefault = false)
            {
                return [];
            }

            public function getStore($storeId = null)
            {
                return null;
            }
        };
        return new Config(new self($typed + self::CONNECTED), $stores);
    }

    public function getValue($path, $scopeType = 'default', $scopeCode = null)
    {
        [$section, $field] = explode('/', $path, 2);
        $default = simplexml_load_file(Module::FOLDER . '/etc/config.xml')->xpath("default/$section/$field")[0] ?? '';
        return $section === Config::SECTION ? $this->typed[$field] ?? (string)$default : self::OF_MAGENTO[$path] ?? '';
    }
}
