<?php
declare(strict_types=1);

use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\CatalogInventory\Api\StockRegistryInterface;
use Magento\CatalogInventory\Model\Stock\Status;
use Magento\Framework\DataObject;
use Magento\Store\Model\App\Emulation;
use Magento\Store\Model\StoreManagerInterface;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\Stock\Watchman;

/**
 * From stock that moves to products that are told to be back. Findings are those of the study of running stores, by
 * section and number.
 */
final class StockTest extends StoreCase
{
    private const MUG = 12;
    private const TEE = 11;
    private array $quantities = ['lab-mug' => 0, 'lab-tee' => 5];
    private array $asked = [];
    private Watchman $watchman;

    protected function setUp(): void
    {
        parent::setUp();
        $this->clock->now = gmmktime(12, 7, 0, 11, 22, 2026);
        $this->watch->add(self::STORE, self::MUG, 0, 'lab-mug');
        $products = $this->createMock(ProductRepositoryInterface::class);
        $products->method('getById')->willReturnCallback(fn (int $id) => new DataObject(['entity_id' => $id, 'status' => 1]));
        $stock = $this->createMock(StockRegistryInterface::class);
        $stock->method('getStockStatus')->willReturnCallback(function (int $id): Status {
            $this->asked[] = $id;
            $quantity = $this->quantities[$id === self::MUG ? 'lab-mug' : 'lab-tee'];
            return new Status(['qty' => $quantity, 'stock_status' => (int)($quantity > 0)]);
        });
        $stock->method('getStockItem')->willReturn(new DataObject(['manage_stock' => true]));
        $stores = $this->createMock(StoreManagerInterface::class);
        $stores->method('getStore')->willReturn(new DataObject(['website_id' => 1]));
        $this->watchman = new Watchman(
            $this->watch,
            $this->outbox,
            $this->config,
            $products,
            $stock,
            $stores,
            new Emulation(),
            new Quietly($this->loud()),
            $this->clock
        );
    }

    /** Finding 6.5. */
    public function testFinding65WhateverMovesStockIsHeardByThePointThatTellsOfIt(): void
    {
        foreach (file(Module::DATA . '/stock_hooks.jsonl') as $line) {
            ['action' => $action, 'hook' => $hook, 'sku' => $sku] = json_decode($line, true);
            $this->call($hook, $sku);
            $this->call($hook, 'nobody-waits-for-it');
            $touched = $this->watch->touched(0);
            self::assertSame([$sku], array_values($touched), $action);
            $this->watch->forget(array_keys($touched));
        }
    }

    /** Finding 6.5. */
    public function testFinding65WithoutMagentosInventoryTheOldEventTells(): void
    {
        $item = static fn (int $product) => ['item' => new DataObject(['product_id' => $product])];
        $this->fire('cataloginventory_stock_item_save_after', $item(self::TEE));
        self::assertSame([], $this->watch->touched(0));
        $this->fire('cataloginventory_stock_item_save_after', $item(self::MUG));
        self::assertSame(['lab-mug'], array_values($this->watch->touched(0)));
    }

    /** Finding 6.7. */
    public function testFinding67OnlyWhatWasTouchedAndIsWaitedForIsAskedAndOnlyAChangeIsTold(): void
    {
        $this->watch->add(self::STORE, self::TEE, 0, 'lab-tee');
        $this->move(3);
        $this->watchman->look();
        self::assertSame([self::MUG], $this->asked);
        self::assertSame(['[true,3]'], $this->told());
        $this->move(3);
        $this->watchman->look();
        $this->watchman->look();
        self::assertSame([[self::MUG, self::MUG], ['[true,3]']], [$this->asked, $this->told()]);
    }

    /** Finding 6.7. */
    public function testFinding67WhatWasWrittenStraightIntoTheDatabaseIsFoundWithinAQuarterOfAnHour(): void
    {
        $this->quantities['lab-mug'] = 4;
        $this->watchman->look();
        self::assertSame([], $this->told());
        $this->clock->now = gmmktime(12, 15, 0, 11, 22, 2026);
        $this->watchman->look();
        self::assertSame(['[true,4]'], $this->told());
    }

    /**
     * Finding 6.9.
     *
     * @testWith [7]
     *           [15]
     */
    public function testFinding69WhatIsBackRestsUntilItsPageShowsIt(int $minute): void
    {
        $this->clock->now = gmmktime(12, $minute, 0, 11, 22, 2026);
        $this->move(3, 0);
        $this->watchman->look();
        self::assertSame([], $this->told());
        $this->database->run("UPDATE recado_sms_touched SET touched_at = datetime('now', '-61 seconds')");
        $this->watchman->look();
        self::assertSame(['[true,3]'], $this->told());
    }

    /** Finding 6.9. */
    public function testFinding69WhatHasSoldOutDoesNotRest(): void
    {
        $this->move(1);
        $this->watchman->look();
        $this->move(0, 0);
        $this->watchman->look();
        self::assertSame(['[true,1]', '[false,0]'], $this->told());
    }

    private function move(int $quantity, int $secondsAgo = 61): void
    {
        $this->quantities['lab-mug'] = $quantity;
        $this->call('SourceItemsSave', 'lab-mug');
        $this->database->run("UPDATE recado_sms_touched SET touched_at = datetime('now', '-$secondsAgo seconds')");
    }

    /**
     * @return string[] saleable and how many, of each that was told
     */
    private function told(): array
    {
        return array_map(function (array $row): string {
            $facts = json_decode($row['facts'], true);
            return json_encode([$facts['saleable'], $facts['quantity']]);
        }, $this->rows());
    }

    /**
     * As Magento calls whatever di.xml hangs on that point.
     */
    private function call(string $point, string $sku): void
    {
        foreach (simplexml_load_file(Module::FOLDER . '/etc/di.xml')->type as $type) {
            if (str_contains((string)$type['name'], "\\$point")) {
                $class = (string)$type->plugin['type'];
                $plugin = new $class($this->watch, new Quietly($this->loud()));
                $items = [new DataObject(['sku' => $sku])];
                $given = $point === 'SourceDeduction' ? new DataObject(['items' => $items]) : $items;
                self::assertSame('kept', $plugin->afterExecute($this, 'kept', $given));
            }
        }
    }
}
