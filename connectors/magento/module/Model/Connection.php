<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

/**
 * How a store view reaches its shop in the sidecar.
 */
class Connection
{
    public function __construct(
        public readonly string $address,
        public readonly string $shopId,
        public readonly string $apiToken,
        public readonly string $eventsSecret
    ) {
    }

    public function takesEvents(): bool
    {
        return $this->address !== '' && $this->shopId !== '' && $this->eventsSecret !== '';
    }

    public function takesCalls(): bool
    {
        return $this->address !== '' && $this->apiToken !== '';
    }

    public function eventsUrl(): string
    {
        return $this->address . '/hooks/events/' . rawurlencode($this->shopId);
    }

    /**
     * The same for all store views that share a shop in the sidecar.
     */
    public function key(): string
    {
        return hash('sha256', $this->address . ' ' . $this->shopId);
    }
}
