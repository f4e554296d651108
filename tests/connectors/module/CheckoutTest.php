<?php
/**
 * Where texts about an order go, and when it may be placed.
 */
declare(strict_types=1);

use Magento\Customer\Api\Data\CustomerInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DataObject;
use Magento\Framework\Event;
use Magento\Framework\Event\Observer;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Serialize\Serializer\Json;
use Magento\Quote\Model\Quote;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Magento\Store\Model\StoreManagerInterface;
use PHPUnit\Framework\TestCase;
use Psr\Log\LoggerInterface;
use Recado\Sms\Model\Checkout\NumberForTexts;
use Recado\Sms\Model\Checkout\Rule;
use Recado\Sms\Model\Checkout\Sayings;
use Recado\Sms\Model\Checkout\Verification;
use Recado\Sms\Model\Codes;
use Recado\Sms\Model\Events\Quietly;
use Recado\Sms\Model\OwnNumber;
use Recado\Sms\Model\Proofs;
use Recado\Sms\Observer\SalesModelServiceQuoteSubmitBefore\KeepMobile;

final class CheckoutTest extends TestCase
{
    private const ASKED = ['sending/mode' => '3', 'checkout/ask_mobile' => '1'];
    private const CART = 7;
    private const CUSTOMER = 4;
    private const LANDLINE = '(11) 3456-7890';
    private const MOBILE = '(11) 91234-5678';
    private Sayings $sayings;
    private Proofs $proofs;
    private OwnNumber $own;
    private Codes $codes;

    protected function setUp(): void
    {
        $resource = new ResourceConnection();
        $this->sayings = new Sayings($resource, new Json());
        $this->codes = (new ReflectionClass(Codes::class))->newInstanceWithoutConstructor();
        $stores = $this->createMock(StoreManagerInterface::class);
        $this->proofs = new Proofs($resource, new Json());
        $this->own = new OwnNumber($this->proofs, Typed::config(self::ASKED), $this->codes, $stores);
    }

    public function testTextsGoToTheMobileThatWasGivenElseToTheTelephone(): void
    {
        $number = $this->number();
        self::assertSame(self::LANDLINE, $number->of($this->quote()));
        $number->give(self::CART, ' ' . self::MOBILE . ' ');
        self::assertSame(self::MOBILE, $number->of($this->quote()));
        self::assertSame(self::MOBILE, $number->expected($this->quote()));
        $number->give(self::CART, '');
        self::assertSame(self::LANDLINE, $number->of($this->quote()));
    }

    /**
     * @dataProvider notAsking
     */
    public function testWhereItIsNotAskedForTheTelephoneCounts(array $typed): void
    {
        $this->number()->give(self::CART, self::MOBILE);
        self::assertSame(self::LANDLINE, $this->number($typed)->of($this->quote()));
    }

    public static function notAsking(): array
    {
        return [
            'as the module comes' => [['sending/mode' => '3']],
            'switched off altogether' => [['sending/mode' => '0', 'checkout/ask_mobile' => '1']],
        ];
    }

    /**
     * @dataProvider typed
     */
    public function testWhatCanBeNoNumberIsRefused(string $typed, bool $isFine): void
    {
        $isFine ?: $this->expectExceptionObject(new LocalizedException(
            __('The mobile number for texts is no phone number: correct it or leave it empty.')
        ));
        $this->number()->give(self::CART, $typed);
        self::assertSame(trim($typed), $this->sayings->of(self::CART)['mobile']);
    }

    public static function typed(): array
    {
        return [
            ['', true], [' ', true], ['+55 (11) 91234-5678', true], ['123456', true],
            ['12345', false], ['no mobile', false], ['123456789012345678', false], ['1 2 3 4 5 6 7' . str_repeat(' ', 30) . '8', false],
        ];
    }

    public function testACustomerNeedNotTypeItAgainAndTakesItOutAgain(): void
    {
        $number = $this->number();
        $number->give(self::CART, self::MOBILE);
        $number->remember($this->quote(self::CUSTOMER));
        $next = new Quote(['entity_id' => 8, 'customer_id' => self::CUSTOMER]);
        self::assertSame([self::MOBILE, 'BR'], $this->own->mobile(self::CUSTOMER));
        self::assertSame(self::MOBILE, $number->expected($next));
        self::assertSame('', $number->expected(new Quote(['entity_id' => 9])));
        $number->give(self::CART, '');
        $number->remember($this->quote(self::CUSTOMER));
        self::assertSame('', $number->expected($next));
    }

    public function testOnceTheShopAsksForNoneTheNumberOfTheAddressIsTheCustomersAgain(): void
    {
        $this->own->keepMobile(self::CUSTOMER, self::MOBILE, 'BR');
        $stores = $this->createMock(StoreManagerInterface::class);
        $config = Typed::config(['checkout/ask_mobile' => '0'] + self::ASKED);
        self::assertSame(['', ''], (new OwnNumber($this->proofs, $config, $this->codes, $stores))->mobile(self::CUSTOMER));
    }

    public function testWhatAnOrderSaysWhileACodeIsOnItsWayIsNotLost(): void
    {
        $this->own->keepMobile(self::CUSTOMER, self::LANDLINE, 'BR');
        $codes = $this->createMock(Codes::class);
        $codes->method('send')->willReturnCallback(function () {
            $this->own->keepMobile(self::CUSTOMER, self::MOBILE, 'BR');
            return ['verification' => 'ver_1', 'asked_for' => 'print'];
        });
        $customer = $this->createMock(CustomerInterface::class);
        $customer->method('getId')->willReturn(self::CUSTOMER);
        (new OwnNumber($this->proofs, Typed::config(self::ASKED), $codes, $this->stores()))->sendCode($customer);
        $said = $this->proofs->of(self::CUSTOMER);
        self::assertSame([[self::MOBILE, 'BR'], 'ver_1'], [$said['mobile'], $said['verification']]);
    }

    public function testItIsKeptWithTheOrderAndWithTheOneMadeOfItLater(): void
    {
        $this->number()->give(self::CART, self::MOBILE);
        self::assertSame(self::MOBILE, $this->placed([], $this->quote()));
        self::assertNull($this->placed([], new Quote(['entity_id' => 8])));
        self::assertSame(self::MOBILE, $this->placed(['relation_parent_id' => 1], new Quote(['entity_id' => 8])));
    }

    public function testACodeIsAboutTheMobileAndAConfirmedTelephoneIsNone(): void
    {
        $confirmed = fn (string $number) => ['confirmed' => $this->codes->print($number, 'BR')];
        $this->number()->give(self::CART, self::MOBILE);
        $this->sayings->add(self::CART, $confirmed(self::LANDLINE));
        self::assertNotSame('', $this->verification(true)->objection($this->quote()));
        $this->sayings->add(self::CART, $confirmed(self::MOBILE));
        self::assertSame('', $this->verification(true)->objection($this->quote()));
        $this->verification(true)->remember($this->quote(self::CUSTOMER));
        self::assertTrue($this->own->isOf(self::CUSTOMER, self::MOBILE, 'BR'));
    }

    /**
     * Which of two numbers in a field is texted, the sidecar knows; digits of other writings are digits to it.
     */
    public function testOtherNumbersOfTheSameDigitsAreNotTheOneThatWasConfirmed(): void
    {
        $print = fn (string $number) => $this->codes->print($number, 'BR');
        self::assertSame($print('(11) 97777-6666'), $print(' 11977776666'));
        self::assertNotSame($print('11977776666'), $print("\u{FF11}\u{FF11}988887777;11977776666"));
        self::assertNotSame($print('912/34567/98765432'), $print('91234567/98765432'));
        self::assertNotSame($print('11 977 776666+'), $print('11977776666'));
    }

    public function testAnOrderThatWantsNoCodeIsFreeAndIsLookedAtOnce(): void
    {
        self::assertSame('', $this->verification(false)->objection($this->quote()));
    }

    public function testOneThatWantsACodeWaitsUnlessTheShopTakesItWithout(): void
    {
        self::assertNotSame('', $this->verification(true)->objection($this->quote()));
        $this->sayings->add(self::CART, ['no_mobile' => true]);
        self::assertSame('', $this->verification(true)->objection($this->quote()));
        self::assertNotSame('', $this->verification(true, Rule::REFUSE)->objection($this->quote()));
    }

    private function stores(): StoreManagerInterface
    {
        $store = new class {
            public function getId(): int
            {
                return 1;
            }
        };
        $stores = $this->createMock(StoreManagerInterface::class);
        $stores->method('getStore')->willReturn($store);
        return $stores;
    }

    private function number(array $typed = self::ASKED): NumberForTexts
    {
        return new NumberForTexts(Typed::config($typed), $this->sayings, $this->own);
    }

    private function verification(bool $wantsCode, string $without = Rule::ACCEPT): Verification
    {
        $rule = $this->createMock(Rule::class);
        $rule->expects(self::once())->method('wantsCode')->willReturn($wantsCode);
        $rule->method('without')->willReturn($without);
        return new Verification($rule, $this->codes, $this->own, $this->number(), $this->sayings);
    }

    private function quote(int $customerId = 0): Quote
    {
        $billing = new DataObject(['telephone' => self::LANDLINE, 'country_id' => 'BR']);
        return new Quote(['entity_id' => self::CART, 'customer_id' => $customerId, 'billing_address' => $billing]);
    }

    /**
     * The number kept with an order; an earlier one, number 1, has the mobile.
     */
    private function placed(array $order, Quote $quote): ?string
    {
        $orders = $this->createMock(OrderRepositoryInterface::class);
        $orders->method('get')->with(1)->willReturn(new Order([NumberForTexts::MOBILE => self::MOBILE]));
        $order = new Order($order);
        $loud = $this->createMock(LoggerInterface::class);
        $loud->expects(self::never())->method('error');
        (new KeepMobile($this->number(), $orders, new Quietly($loud)))
            ->execute(new Observer(new Event(['quote' => $quote, 'order' => $order])));
        return $order->getData(NumberForTexts::MOBILE);
    }
}
