<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Sidecar;

use Magento\Framework\Exception\LocalizedException;

/**
 * The sidecar could not be asked. Nothing is known of what it would have said.
 */
class Unreachable extends LocalizedException
{
}
