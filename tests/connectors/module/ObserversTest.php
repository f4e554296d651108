<?php
declare(strict_types=1);

/**
 * What a real store fired, in the order in which it did, and what the module notes of it. Findings are those of the study
 * of running stores, by section and number.
 */
final class ObserversTest extends StoreCase
{
    /** Finding 6.4. */
    public function testFinding64EachThingThatHappensToAnOrderIsHeardByTheEventThatTellsOfIt(): void
    {
        self::assertSame(['nothing -> pending'], $this->replay('place BR guest'));
        self::assertSame(['pending -> processing'], $this->replay('invoice'));
        self::assertSame(
            ['parcel', 'number', 'processing -> complete'],
            $this->replay('ship with track', ['order_id' => 1])
        );
        $said = ['order_id' => 1, 'comment' => 'On its way', 'is_visible_on_front' => 1];
        self::assertSame(['order.note'], $this->replay('comment visible', $said));
        self::assertSame(['order.refund'], $this->replay('refund', ['order_id' => 1]));
    }

    /** Finding 6.4. */
    public function testFinding64ACancelledOrderIsHeardOnceByItsSaving(): void
    {
        $this->replay('place US guest');
        self::assertSame(['pending -> holded'], $this->replay('hold'));
        self::assertSame(['holded -> pending'], $this->replay('unhold'));
        self::assertSame(['pending -> canceled'], $this->replay('cancel'));
    }

    /** Finding 6.4. */
    public function testFinding64WhatNobodyOutsideIsMeantToReadIsNotTold(): void
    {
        $this->replay('place GB for comments');
        self::assertSame([], $this->replay('comment no status', ['order_id' => 7, 'comment' => 'Call her']));
        self::assertSame([], $this->replay('comment with same status', ['order_id' => 7, 'is_visible_on_front' => 1]));
    }

    /** Findings 4.2 and 6.3. */
    public function testFinding42AndFinding63APartialShipmentAndALaterNumberLeaveTheOrderAsItWas(): void
    {
        $this->order(6, 'processing', 'processing');
        self::assertSame(['parcel', 'number'], $this->replay('partial ship 1/3', ['order_id' => 6]));
        self::assertSame(['number'], $this->replay('add track later', ['order_id' => 6]));
    }

    /** Finding 6.2. */
    public function testFinding62SavingWithoutAChangeInTheAdminTellsNothingOfTheOrder(): void
    {
        $this->order(27, 'processing', 'processing');
        self::assertSame(['parcel', 'number'], $this->replay('ADMIN UI partial ship with track', ['order_id' => 27]));
        self::assertSame(['processing -> lab_awaiting_pickup'], $this->replay('ADMIN UI comment with status change'));
    }

    /**
     * Finding 2.11: the event's own order has neither a state nor anything from before.
     */
    public function testFinding211AnOrderSavedInPartByAnotherProgramIsReadFromItsRow(): void
    {
        $this->replay('place GB for comments');
        self::assertSame(['pending -> processing'], $this->replay('POST /orders set status only'));
        $facts = json_decode($this->rows()[1]['facts'], true);
        self::assertSame(['new', 'new'], [$facts['from_state'], $facts['state']]);
        $this->replay('POST /orders state+status');
        $facts = json_decode($this->rows()[2]['facts'], true);
        self::assertSame(['new', 'processing'], [$facts['from_state'], $facts['state']]);
    }

    /**
     * Finding 4.1: the database alone sets it, after Magento has let go of what it had.
     */
    public function testFinding41TheMomentOfAChangeIsTheRowsOwn(): void
    {
        $this->order(1, 'new', 'pending');
        $this->database->run("UPDATE sales_order SET updated_at = '2026-11-22 13:14:15'");
        $stale = ['entity_id' => 1, 'updated_at' => '2026-11-22 12:00:00'];
        $this->fire('sales_order_save_after', ['order' => new \Magento\Sales\Model\Order($stale)]);
        self::assertSame('2026-11-22 13:14:15', json_decode($this->rows()[0]['facts'], true)['at']);
    }
}
