<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

use GuzzleHttp\ClientInterface;
use GuzzleHttp\Exception\GuzzleException;
use GuzzleHttp\RequestOptions;

/**
 * The one place that talks to the sidecar. Redirects are not followed: they would carry a token elsewhere.
 */
class Http
{
    private const LONGEST_ANSWER = 1048576;

    public function __construct(private readonly ClientInterface $client)
    {
    }

    /**
     * @param array<string, string> $headers
     * @return array{0: int, 1: array<string, string>, 2: string} status (0: nobody answered), headers, body or reason
     */
    public function send(string $method, string $url, array $headers, string $body, float $timeout): array
    {
        try {
            $answer = $this->client->request($method, $url, [
                RequestOptions::HEADERS => $headers,
                RequestOptions::BODY => $body,
                RequestOptions::TIMEOUT => $timeout,
                RequestOptions::CONNECT_TIMEOUT => min(3.0, $timeout),
                RequestOptions::ALLOW_REDIRECTS => false,
                RequestOptions::HTTP_ERRORS => false,
            ]);
            $told = [];
            foreach ($answer->getHeaders() as $name => $values) {
                $told[strtolower($name)] = implode(', ', $values);
            }
            return [$answer->getStatusCode(), $told, $answer->getBody()->read(self::LONGEST_ANSWER)];
        } catch (GuzzleException $unreachable) {
            // Of Guzzle's own words the first line says what happened; what follows quotes addresses and bodies.
            return [0, [], mb_substr(strtok($unreachable->getMessage(), "\n(") ?: '', 0, 120)];
        }
    }
}
