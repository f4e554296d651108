<?php
/**
 * As much of Magento as the module touches where it notes what happens: models with the values they had before, events,
 * settings, and a database, which is SQLite in memory with the tables of the module's own db_schema.xml.
 */
declare(strict_types=1);

namespace Magento\Framework {
    class Phrase
    {
        public function __construct(private readonly string $text, private readonly array $arguments = [])
        {
        }

        public function __toString(): string
        {
            $places = array_map(static fn (int $number) => '%' . ($number + 1), array_keys($this->arguments));
            return str_replace($places, array_map('strval', $this->arguments), $this->text);
        }
    }

    class DataObject
    {
        public function __construct(protected array $data = [], protected array $before = [])
        {
        }

        public function __call(string $name, array $arguments)
        {
            $key = strtolower(preg_replace('/(.)([A-Z])/', '$1_$2', substr($name, 3)));
            return $this->data[$key] ?? null;
        }

        public function getData(string $key)
        {
            return $this->data[$key] ?? null;
        }

        public function setData(string $key, $value): self
        {
            $this->data[$key] = $value;
            return $this;
        }

        public function isComposite(): bool
        {
            return false;
        }

        public function getId()
        {
            return $this->data['entity_id'] ?? null;
        }

        public function getOrigData(string $key)
        {
            return $this->before[$key] ?? null;
        }
    }

    class Event extends DataObject
    {
    }
}

namespace Magento\Framework\Event {
    interface ObserverInterface
    {
        public function execute(Observer $observer): void;
    }

    class Observer
    {
        public function __construct(private readonly \Magento\Framework\Event $event)
        {
        }

        public function getEvent(): \Magento\Framework\Event
        {
            return $this->event;
        }
    }
}

namespace Magento\Framework\Model {
    class AbstractModel extends \Magento\Framework\DataObject
    {
    }
}

namespace Magento\Quote\Model {
    class Quote extends \Magento\Framework\DataObject
    {
    }
}

namespace Magento\Sales\Model {
    class Order extends \Magento\Framework\Model\AbstractModel
    {
    }
}

namespace Magento\Sales\Model\Order {
    class Creditmemo extends \Magento\Framework\Model\AbstractModel
    {
    }

    class Shipment extends \Magento\Framework\Model\AbstractModel
    {
    }
}

namespace Magento\Sales\Model\Order\Shipment {
    class Track extends \Magento\Framework\Model\AbstractModel
    {
    }
}

namespace Magento\Sales\Model\Order\Status {
    class History extends \Magento\Framework\Model\AbstractModel
    {
    }
}

namespace Magento\CatalogInventory\Api\Data {
    interface StockStatusInterface
    {
        public const STATUS_IN_STOCK = 1;
    }
}

namespace Magento\CatalogInventory\Model\Stock {
    class Status extends \Magento\Framework\DataObject implements \Magento\CatalogInventory\Api\Data\StockStatusInterface
    {
    }

    class Item extends \Magento\Framework\Model\AbstractModel
    {
    }
}

namespace Magento\CatalogInventory\Api {
    interface StockRegistryInterface
    {
        public function getStockStatus($productId, $scopeId = null);
        public function getStockItem($productId, $scopeId = null);
    }
}

namespace Magento\Catalog\Model\Product\Attribute\Source {
    class Status
    {
        public const STATUS_ENABLED = 1;
    }
}

namespace Magento\Catalog\Api {
    interface ProductRepositoryInterface
    {
        public function getById($productId, $editMode = false, $storeId = null);
    }
}

namespace Magento\Sales\Api {
    interface OrderRepositoryInterface
    {
        public function get($id);
    }

    interface ShipmentRepositoryInterface
    {
        public function get($id);
    }

    interface CreditmemoRepositoryInterface
    {
        public function get($id);
    }
}

namespace Magento\Sales\Model\Order {
    class StatusFactory
    {
        public function create()
        {
        }
    }
}

namespace Magento\Sales\Model\ResourceModel\Order {
    class Status
    {
        public function load($status, $code)
        {
        }
    }
}

namespace Magento\Framework\Webapi {
    class ServiceOutputProcessor
    {
        public function convertValue($data, $type)
        {
            return $data;
        }
    }
}

namespace Magento\Framework\Exception {
    class LocalizedException extends \Exception
    {
        public function __construct(\Magento\Framework\Phrase $phrase)
        {
            parent::__construct((string)$phrase);
        }
    }

    class NoSuchEntityException extends LocalizedException
    {
    }
}

namespace Magento\Framework\Serialize\Serializer {
    class Json
    {
        public function serialize($data): string
        {
            return json_encode($data, JSON_THROW_ON_ERROR);
        }

        public function unserialize(string $text)
        {
            return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
        }
    }
}

namespace Magento\Framework\Math {
    class Random
    {
        public const CHARS_LOWERS = 'abcdefghijklmnopqrstuvwxyz';
        public const CHARS_DIGITS = '0123456789';

        public function getRandomString(int $length, ?string $letters = null): string
        {
            return substr(bin2hex(random_bytes($length)), 0, $length);
        }
    }
}

namespace Magento\Framework\Stdlib\DateTime {
    class DateTime
    {
        public int $now = 1_795_348_860;

        public function gmtTimestamp(): int
        {
            return $this->now;
        }

        public function gmtDate(string $format): string
        {
            return gmdate($format, $this->now);
        }
    }
}

namespace Magento\Framework\Lock {
    interface LockManagerInterface
    {
        public function lock(string $name, int $timeout = -1): bool;
        public function unlock(string $name): bool;
    }
}

namespace Magento\Framework\App\Config {
    interface ScopeConfigInterface
    {
        public function getValue($path, $scopeType = 'default', $scopeCode = null);
    }
}

namespace Magento\Customer\Api\Data {
    interface CustomerInterface
    {
        public function getId();

        public function getAddresses();
    }
}

namespace Magento\Store\Model {
    interface ScopeInterface
    {
        public const SCOPE_STORE = 'store';
        public const SCOPE_STORES = 'stores';
    }

    interface StoreManagerInterface
    {
        public function getStores($withDefault = false);
        public function getStore($storeId = null);
    }
}

namespace Magento\Store\Model\App {
    class Emulation
    {
        public function startEnvironmentEmulation($storeId): void
        {
        }

        public function stopEnvironmentEmulation(): void
        {
        }
    }
}

namespace Magento\Framework\DB\Adapter {
    interface AdapterInterface
    {
    }

    class DeadlockException extends \RuntimeException
    {
    }
}

namespace Psr\Log {
    interface LoggerInterface
    {
        public function error($message, array $context = []): void;
    }
}

namespace Magento\Framework\DB\Sql {
    class Expression
    {
        public function __construct(private readonly string $sql)
        {
        }

        public function __toString(): string
        {
            return $this->sql;
        }
    }
}

namespace Magento\Framework\App {
    class ResourceConnection
    {
        private readonly \OnSqlite $connection;

        public function __construct()
        {
            $this->connection = new \OnSqlite();
        }

        public function getConnection(string $name = 'default'): \OnSqlite
        {
            return $this->connection;
        }

        public function getTableName(string $name, string $connection = 'default'): string
        {
            return $name;
        }
    }
}

namespace {
    function __(string $text, ...$arguments): \Magento\Framework\Phrase
    {
        return new \Magento\Framework\Phrase($text, $arguments);
    }
}
