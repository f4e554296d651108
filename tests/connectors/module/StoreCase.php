<?php
/**
 * A connected store: the module's own parts on a database, and events fired as a real store was seen to fire them.
 */
declare(strict_types=1);

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Event;
use Magento\Framework\Event\Observer;
use Magento\Framework\Math\Random;
use Magento\Framework\Serialize\Serializer\Json;
use Magento\Framework\Stdlib\DateTime\DateTime;
use Magento\Store\Model\StoreManagerInterface;
use PHPUnit\Framework\TestCase;
use Psr\Log\LoggerInterface;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Events\Ledger;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Events\Recorder;
use Recado\Sms\Model\Outbox;
use Recado\Sms\Model\Stock\Watch;

abstract class StoreCase extends TestCase
{
    protected const STORE = 2;
    protected ResourceConnection $resource;
    protected OnSqlite $database;
    protected Config $config;
    protected Outbox $outbox;
    protected Watch $watch;
    protected DateTime $clock;
    private array $observers = [];
    private int $made = 0;

    protected function setUp(): void
    {
        $this->resource = new ResourceConnection();
        $this->database = $this->resource->getConnection();
        $this->clock = new DateTime();
        $this->config = new Config($this->settings(), $this->stores());
        $this->outbox = new Outbox($this->resource, new Json(), new Random());
        $this->watch = new Watch($this->resource);
        $recorder = new Recorder($this->outbox, new Ledger($this->resource), $this->config);
        $quietly = new Quietly($this->loud());
        $parts = [Recorder::class => $recorder, Watch::class => $this->watch];
        foreach (simplexml_load_file(Module::FOLDER . '/etc/events.xml')->xpath('//observer') as $observer) {
            $class = (string)$observer['instance'];
            $needs = (string)(new ReflectionMethod($class, '__construct'))->getParameters()[0]->getType();
            if (isset($parts[$needs])) {
                $event = (string)$observer->xpath('..')[0]['name'];
                $this->observers[$event][] = new $class($parts[$needs], $quietly);
            }
        }
    }

    /**
     * All that a real store fired while this was done; of orders the table says what is now true, as in the transaction.
     *
     * @param array<string, mixed> $with of what is made by it
     * @return string[] what is to be told of it, in order
     */
    protected function replay(string $action, array $with = []): array
    {
        $before = count($this->rows());
        foreach ($this->traced($action) as [$event, $things]) {
            if (isset($things['order']) && str_ends_with($event, '_save_after')) {
                $this->keepOrder($things['order']);
            }
            $given = array_map(fn (array $thing) => $this->thing($thing, $with), $things);
            $this->fire($event, $given);
        }
        return array_map([$this, 'short'], array_slice($this->rows(), $before));
    }

    /**
     * @param array<string, object> $given
     */
    protected function fire(string $event, array $given): void
    {
        foreach ($this->observers[$event] ?? [] as $observer) {
            $observer->execute(new Observer(new Event($given)));
        }
    }

    protected function order(int $id, string $state, string $status): void
    {
        $row = ['entity_id' => $id, 'state' => $state, 'status' => $status, 'store_id' => self::STORE];
        $fresh = ['updated_at' => '2026-11-22 12:00:00', 'created_at' => '2026-11-22 11:00:00'];
        $this->database->insertOnDuplicate('sales_order', [...$row, ...$fresh], ['state', 'status']);
    }

    /**
     * @return array<int, array<string, mixed>>
     */
    protected function rows(): array
    {
        return $this->database->fetchAll('SELECT * FROM recado_sms_outbox ORDER BY id');
    }

    protected function loud(): LoggerInterface
    {
        return new class implements LoggerInterface {
            public function error($message, array $context = []): void
            {
                throw new LogicException((string)$message);
            }
        };
    }

    private function short(array $row): string
    {
        $facts = json_decode($row['facts'], true);
        return match ($row['type']) {
            Recorder::ORDER => ($facts['from_status'] ?? 'nothing') . ' -> ' . $facts['status'],
            Recorder::PARCEL => $facts['track_id'] ? 'number' : 'parcel',
            default => $row['type'],
        };
    }

    /**
     * @return array<int, array{0: string, 1: array<string, array<string, string>>}>
     */
    private function traced(string $action): array
    {
        $trace = file_get_contents(Module::DATA . '/event_trace.txt');
        self::assertSame(1, preg_match("/^##### " . preg_quote($action, '/') . "\n((?:\w.*\n)*)/m", $trace, $found), $action);
        return array_map(function (string $line): array {
            $order = '(?<key>\w+)\{id:(?<id>\d*) inc:\S* (?<before>\S*)->(?<now>\S*)(?: new:\w+\})?';
            preg_match_all("~$order|(?<name>\w+)=(?<class>[\w\\\\]+)~", $line, $all, PREG_SET_ORDER);
            return [strtok($line, ' '), array_column($all, null, 'key') + array_column($all, null, 'name')];
        }, array_filter(explode("\n", $found[1])));
    }

    private function thing(array $traced, array $with): object
    {
        if (!empty($traced['key'])) {
            [$before, $now] = array_map([$this, 'stateAndStatus'], [$traced['before'], $traced['now']]);
            return new \Magento\Sales\Model\Order(['entity_id' => $traced['id']] + $now, $before);
        }
        $class = str_replace('M\\', 'Magento\\', $traced['class'] ?? '');
        $data = $with + ['entity_id' => ++$this->made, 'parent_id' => $with['order_id'] ?? 0];
        return class_exists($class) ? new $class($data) : new \Magento\Framework\DataObject();
    }

    private function keepOrder(array $traced): void
    {
        ['state' => $state, 'status' => $status] = $this->stateAndStatus($traced['now']);
        $known = $this->database->fetchRow("SELECT * FROM sales_order WHERE entity_id = {$traced['id']}") ?: [];
        $this->order((int)$traced['id'], $state ?? $known['state'], $status ?? $known['status']);
    }

    /**
     * @return array<string, string|null>
     */
    private function stateAndStatus(string $written): array
    {
        [$state, $status] = explode('/', $written);
        return ['state' => $state ?: null, 'status' => $status ?: null];
    }

    /**
     * What the module sets unless the owner says otherwise, and a connection.
     */
    private function settings(): ScopeConfigInterface
    {
        $defaults = simplexml_load_file(Module::FOLDER . '/etc/config.xml')->default->recado_sms;
        $connected = ['address' => 'https://sms.example', 'shop_id' => 'shop_1', 'events_secret' => 'whsec_c2VjcmV0', 'api_token' => 't'];
        $settings = $this->createMock(ScopeConfigInterface::class);
        $settings->method('getValue')->willReturnCallback(function (string $path) use ($defaults, $connected) {
            $name = explode('/', $path);
            return $name[1] === 'connection' ? $connected[$name[2]] : (string)($defaults->{$name[1]}->{$name[2]} ?? 'pt_BR');
        });
        return $settings;
    }

    private function stores(): StoreManagerInterface
    {
        $store = new \Magento\Framework\DataObject(['entity_id' => self::STORE, 'website_id' => 1]);
        $stores = $this->createMock(StoreManagerInterface::class);
        $stores->method('getStores')->willReturn([$store]);
        $stores->method('getStore')->willReturn($store);
        return $stores;
    }
}
