<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Settings;

use Magento\Framework\App\Config\ReinitableConfigInterface;
use Magento\Framework\App\Config\Storage\WriterInterface;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\Exception\LocalizedException;
use Recado\Sms\Model\Config;
use Recado\Sms\Model\Sidecar;

/**
 * Completes a connection after it was saved: takes a pasted code apart, and asks the sidecar for what else is needed.
 */
class Connecting
{
    public function __construct(
        private readonly Config $config,
        private readonly Sidecar $sidecar,
        private readonly WriterInterface $writer,
        private readonly EncryptorInterface $encryptor,
        private readonly ReinitableConfigInterface $stored
    ) {
    }

    /**
     * Of one scope, where something is missing.
     *
     * @throws LocalizedException
     */
    public function complete(string $scope, int $scopeId): void
    {
        if ($code = Code::read($this->config->valueIn('connection/address', $scope, $scopeId))) {
            $this->keep(['address' => $code[0]], ['api_token' => $code[1]], $scope, $scopeId);
        }
        $connection = $this->config->connectionIn($scope, $scopeId);
        if ($connection->takesCalls() && ($code || !$connection->takesEvents())) {
            $told = $this->sidecar->call($connection, 'POST', 'connection', []);
            $known = ['shop_id' => $told['shop_id']];
            $this->keep($known, ['events_secret' => $told['events_secret']], $scope, $scopeId);
        }
    }

    /**
     * @param array<string, string> $open
     * @param array<string, string> $secret
     */
    private function keep(array $open, array $secret, string $scope, int $scopeId): void
    {
        foreach ([...$open, ...array_map([$this->encryptor, 'encrypt'], $secret)] as $name => $value) {
            $this->writer->save(Config::SECTION . "/connection/$name", $value, $scope, $scopeId);
        }
        $this->stored->reinit();
    }
}
