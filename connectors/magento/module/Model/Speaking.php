<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Recado\Sms\Model\Sidecar\ForShoppers;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * Passes on what a person says: at once where the sidecar answers, else with the next events. It is never lost, and the
 * person never waits for longer than the sidecar may take to answer.
 */
class Speaking
{
    public const ALERT_ASKED = 'alert.asked';
    public const ALERT_ENDED = 'alert.ended';
    public const CONSENT_SAID = 'consent.said';
    /** Refusals that pass by themselves: saying it later helps. */
    private const PASSING = ['unauthorized', 'database_down', 'internal_error'];

    public function __construct(
        private readonly Config $config,
        private readonly ForShoppers $sidecar,
        private readonly Outbox $outbox
    ) {
    }

    /**
     * @param array<string, mixed> $asked
     * @return array<string, mixed>|null null: it will be passed on later
     * @throws Refused
     */
    public function alert(int $storeId, array $asked): ?array
    {
        return $this->say($storeId, self::ALERT_ASKED, 'POST', 'stock-alerts', $asked, $asked);
    }

    /**
     * @return array<string, mixed>|null
     * @throws Refused
     */
    public function endAlert(int $storeId, string $alertId): ?array
    {
        $path = 'stock-alerts/' . rawurlencode($alertId);
        return $this->say($storeId, self::ALERT_ENDED, 'DELETE', $path, null, ['id' => $alertId]);
    }

    /**
     * @param array<string, mixed> $said
     * @return array<string, mixed>|null
     * @throws Refused
     */
    public function consent(int $storeId, array $said): ?array
    {
        return $this->say($storeId, self::CONSENT_SAID, 'POST', 'consents', $said, $said);
    }

    /**
     * @param array<string, mixed>|null $body
     * @param array<string, mixed> $event
     * @return array<string, mixed>|null
     */
    private function say(int $storeId, string $type, string $method, string $path, ?array $body, array $event): ?array
    {
        try {
            return $this->sidecar->call($this->config->connection($storeId), $method, $path, $body);
        } catch (Unreachable) {
            $this->outbox->add($type, $storeId, 0, 0, $event);
        } catch (Refused $refused) {
            if (!in_array($refused->reason, self::PASSING, true)) {
                throw $refused;
            }
            $this->outbox->add($type, $storeId, 0, 0, $event);
        }
        return null;
    }
}
