<?php
declare(strict_types=1);

use Magento\Framework\DataObject;
use Magento\Framework\Lock\LockManagerInterface;
use Magento\Framework\Serialize\Serializer\Json;
use Magento\Framework\Webapi\ServiceOutputProcessor;
use Magento\Sales\Api\CreditmemoRepositoryInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Api\ShipmentRepositoryInterface;
use Magento\Sales\Model\Order\StatusFactory;
use Magento\Sales\Model\ResourceModel\Order\Status as StatusResource;
use Recado\Sms\Model\Checkout\Sayings;
use Recado\Sms\Model\Events\Courier;
use Recado\Sms\Model\Events\Patience;
use Recado\Sms\Model\Events\Recorder;
use Recado\Sms\Model\Events\Signature;
use Recado\Sms\Model\Events\Told;
use Recado\Sms\Model\Events\Trimmed;
use Recado\Sms\Model\Events\Verdict;
use Recado\Sms\Model\Health;
use Recado\Sms\Model\Http;
use Recado\Sms\Model\Outbox;
use Recado\Sms\Model\Settings\Step;
use Recado\Sms\Model\Sidecar;

/**
 * From the outbox to the sidecar, and what is said when nothing leaves. Findings are those of the study of running
 * stores, by section and number.
 */
final class CarryingTest extends StoreCase
{
    private array $posted = [];

    /** Finding 7.5. */
    public function testFinding75ALowerNumberThatIsCommittedLaterIsToldAllTheSame(): void
    {
        foreach (['slow checkout', 'quick checkout'] as $which) {
            $this->outbox->add('note.of.tests', self::STORE, 0, 0, ['which' => $which]);
        }
        [$slow] = $this->rows();
        $this->database->delete('recado_sms_outbox', ['id = ?' => (int)$slow['id']]);
        $this->courier()->run(50);
        self::assertSame(['quick checkout'], $this->posted);
        $this->database->insertOnDuplicate('recado_sms_outbox', $slow, []);
        $this->courier()->run(50);
        $this->courier()->run(50);
        self::assertSame(['quick checkout', 'slow checkout'], $this->posted);
    }

    /**
     * Finding 7.3.
     *
     * @testWith [null, "has not run"]
     *           [2, ""]
     *           [11, "last ran Recado's job 11 minutes ago"]
     */
    public function testFinding73ADeadCronIsShown(?int $minutes, string $words): void
    {
        if ($minutes !== null) {
            $this->database->run(
                "INSERT INTO cron_schedule VALUES ('recado_sms_send', datetime('now', '-$minutes minutes')), "
                . "('somebody_elses', datetime('now'))"
            );
        }
        $health = new Health(
            $this->config,
            $this->createMock(Sidecar::class),
            $this->createMock(Step::class),
            $this->outbox,
            $this->resource
        );
        [[$isGood, $line]] = $health->ofShop();
        self::assertSame($words === '', $isGood);
        self::assertStringContainsString($words, $line);
    }

    /** Finding 1.3. */
    public function testFinding13AStatusIsToldWithTheNameItHasInTheOrdersStoreView(): void
    {
        $this->order(1, 'new', 'pending');
        $this->fire('sales_order_save_after', ['order' => new \Magento\Sales\Model\Order(['entity_id' => 1])]);
        $this->order(1, 'processing', 'pronto_retirada');
        $this->fire('sales_order_save_after', ['order' => new \Magento\Sales\Model\Order(['entity_id' => 1])]);
        $rows = array_map(fn (array $row) => ['facts' => json_decode($row['facts'], true)] + $row, $this->rows());
        $told = array_map([$this->told(), 'data'], $rows);
        self::assertSame(['pending', 'pronto_retirada'], array_column($told, 'status'));
        self::assertSame(['pending in 2', 'pronto_retirada in 2'], array_column($told, 'status_label'));
        self::assertSame(['000000001', '000000001'], array_column($told, 'increment_id'));
    }

    private function courier(): Courier
    {
        $told = $this->createMock(Told::class);
        $told->method('data')->willReturnCallback(fn (array $row) => $row['facts']);
        $http = $this->createMock(Http::class);
        $http->method('send')->willReturnCallback(function (string $method, string $url, array $headers, string $body) {
            $this->posted[] = json_decode($body, true)['data']['which'];
            return [202, [], ''];
        });
        $locks = $this->createMock(LockManagerInterface::class);
        $locks->method('lock')->willReturn(true);
        return new Courier(
            $this->config, $this->outbox, $told, $http, new Signature(), new Verdict(), new Patience(), $locks, new Json(), $this->clock
        );
    }

    private function told(): Told
    {
        $orders = $this->createMock(OrderRepositoryInterface::class);
        $orders->method('get')->willReturn(new DataObject(['entity_id' => 1, 'store_id' => self::STORE]));
        $shown = $this->createMock(ServiceOutputProcessor::class);
        $shown->method('convertValue')->willReturn(['entity_id' => 1, 'increment_id' => '000000001', 'status' => 'gone on']);
        $statuses = $this->createMock(StatusFactory::class);
        $statuses->method('create')->willReturnCallback(fn () => new class {
            public string $code = '';

            public function getStoreLabel(int $storeId): string
            {
                return "{$this->code} in $storeId";
            }
        });
        $loads = $this->createMock(StatusResource::class);
        $loads->method('load')->willReturnCallback(fn (object $status, string $code) => $status->code = $code);
        return new Told(
            $orders,
            $this->createMock(ShipmentRepositoryInterface::class),
            $this->createMock(CreditmemoRepositoryInterface::class),
            $shown,
            new Trimmed(),
            $this->config,
            $this->createMock(Sayings::class),
            $statuses,
            $loads
        );
    }
}
