<?php
declare(strict_types=1);

namespace Recado\Sms\Observer\SalesModelServiceQuoteSubmitBefore;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Recado\Sms\Model\Checkout\Verification;
use Recado\Sms\Model\Events\Quietly;

/**
 * Tells the owner, with the order itself, that nobody has confirmed its number.
 */
class NoteUnconfirmed implements ObserverInterface
{
    public function __construct(private readonly Verification $verification, private readonly Quietly $quietly)
    {
    }

    public function execute(Observer $observer): void
    {
        $event = $observer->getEvent();
        $this->quietly->do(function () use ($event): void {
            $words = $this->words($this->verification->standing($event->getQuote()));
            if ($words !== '') {
                $event->getOrder()->addCommentToStatusHistory($words);
            }
        });
    }

    private function words(string $standing): string
    {
        return (string)match ($standing) {
            Verification::NO_MOBILE => __('The customer cannot receive texts: the number is not confirmed.'),
            Verification::NOT_SENT => __('No code could be sent: the number is not confirmed.'),
            default => '',
        };
    }
}
