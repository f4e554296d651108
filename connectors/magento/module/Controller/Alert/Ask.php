<?php
declare(strict_types=1);

namespace Recado\Sms\Controller\Alert;

use Magento\Customer\Model\Session;
use Recado\Sms\Controller\Conversation;
use Recado\Sms\Controller\Shopper;
use Recado\Sms\Model\Alerts;

class Ask extends Shopper
{
    public function __construct(
        Conversation $with,
        private readonly Alerts $alerts,
        private readonly Session $session
    ) {
        parent::__construct($with);
    }

    /**
     * A machine fills in the field that no person sees: it is thanked, and nothing happens.
     */
    protected function answer(): array
    {
        if ($this->param('website') !== '') {
            return ['said' => $this->sentence('link'), 'confirmation' => 'link', 'id' => ''];
        }
        $asked = $this->alerts->ask(
            (int)$this->param('product'),
            (int)$this->param('variation'),
            $this->param('number'),
            $this->param('country'),
            (int)$this->session->getCustomerId() ?: null
        );
        return [...$asked, 'said' => $this->sentence($asked['confirmation'])];
    }

    private function sentence(string $confirmation): string
    {
        return (string)match ($confirmation) {
            'code' => __('We have sent you a text with a code: type it here.'),
            Alerts::KEPT => __('Noted. You will soon get a text to confirm it.'),
            default => __('We have sent you a text: open the link in it, and we will tell you.'),
        };
    }
}
