<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use Magento\Framework\FlagManager;
use Magento\Framework\Serialize\Serializer\Json;
use Recado\Sms\Model\Sidecar;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * Keeps the sidecar in step with what stands in Magento's settings: told when they are saved, and again by cron as long
 * as that did not succeed, or when Magento's own settings have moved.
 */
class Step
{
    private const FLAG = 'recado_sms_settings';

    public function __construct(
        private readonly Wanted $wanted,
        private readonly Sidecar $sidecar,
        private readonly FlagManager $flags,
        private readonly Json $json
    ) {
    }

    /**
     * Tell every shop what it does not know yet. What was refused is not told again until it is changed.
     *
     * @return Report[] one for each shop that had something to be told
     */
    public function take(bool $evenIfRefused): array
    {
        $known = (array)$this->flags->getFlagData(self::FLAG);
        $reports = $now = [];
        foreach ($this->wanted->ofEach() as $key => [$connection, $settings, $unheard]) {
            $print = hash('sha256', $this->json->serialize([$settings, $connection->apiToken]));
            $now[$key] = $known[$key] ?? [];
            if (($now[$key]['told'] ?? '') === $print && !($evenIfRefused && $now[$key]['problem'])) {
                continue;
            }
            try {
                $this->sidecar->call($connection, 'PATCH', 'settings', $settings);
                $now[$key] = ['told' => $print, 'problem' => ''];
                $reports[] = new Report('', [], $unheard);
            } catch (Refused $refused) {
                $now[$key] = ['told' => $print, 'problem' => $refused->getMessage()];
                $reports[] = new Report($refused->getMessage(), $refused->errors, $unheard);
            } catch (Unreachable $nobody) {
                $now[$key] = ['told' => '', 'problem' => $nobody->getMessage()];
                $reports[] = new Report($nobody->getMessage(), [], $unheard);
            }
        }
        $this->flags->saveFlag(self::FLAG, $now);
        return $reports;
    }

    /**
     * What stands against the shop knowing its settings, or nothing.
     */
    public function problem(string $key): string
    {
        $known = (array)$this->flags->getFlagData(self::FLAG);
        return (string)($known[$key]['problem'] ?? '');
    }
}
