<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use Magento\Framework\Phrase;
use Recado\Sms\Model\Sidecar\Refused;
use Recado\Sms\Model\Sidecar\Unreachable;

/**
 * The sidecar's API, for what a person asks for in this moment: five seconds at most, then there is a way on.
 */
class Sidecar
{
    private const TIMEOUT = 5.0;

    public function __construct(private readonly Http $http)
    {
    }

    /**
     * @param array<string, mixed>|null $body
     * @param array<string, string> $headers
     * @return array<string, mixed>
     * @throws Refused when the sidecar says no
     * @throws Unreachable when it does not answer as a sidecar
     */
    public function call(
        Connection $connection,
        string $method,
        string $path,
        ?array $body = null,
        array $headers = []
    ): array {
        if (!$connection->takesCalls()) {
            throw new Unreachable(new Phrase('Recado is not connected: fill in its address and its API token.'));
        }
        $headers['Authorization'] = 'Bearer ' . $connection->apiToken;
        $headers['Accept'] = 'application/json';
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
        }
        $url = $connection->address . '/api/v1/' . $path;
        $sent = $body === null ? '' : json_encode((object)$body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        [$status, , $text] = $this->http->send($method, $url, $headers, $sent, self::TIMEOUT);
        return $this->read($status, $text);
    }

    /**
     * @return array<string, mixed>
     */
    private function read(int $status, string $text): array
    {
        if ($status === 0) {
            throw new Unreachable(new Phrase('Recado does not answer: %1', [$text]));
        }
        $answer = json_decode($text, true);
        if ($status >= 200 && $status < 300 && is_array($answer)) {
            return $answer;
        }
        if (is_array($answer) && isset($answer['code'])) {
            $errors = array_map('strval', array_filter($answer['errors'] ?? [], 'is_scalar'));
            throw new Refused((string)$answer['code'], (string)($answer['detail'] ?? ''), $errors);
        }
        throw new Unreachable(new Phrase('This address does not answer as Recado does (HTTP %1).', [$status]));
    }
}
