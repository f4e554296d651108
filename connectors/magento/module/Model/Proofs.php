<?php
declare(strict_types=1);

namespace Recado\Sms\Model;

/**
 * The mobile that a customer gave, the code that was asked for, and the number that it proved.
 */
class Proofs extends Said
{
    protected const TABLE = 'recado_sms_proof';
    protected const KEY = 'customer_id';
}
