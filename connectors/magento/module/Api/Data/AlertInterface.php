<?php
declare(strict_types=1);

namespace Recado\Sms\Api\Data;

/**
 * A wish to be told when a product is back.
 *
 * @api
 */
interface AlertInterface
{
    /**
     * Empty while the shop has only noted it.
     *
     * @return string
     */
    public function getId();

    /**
     * How it is to be confirmed: link, code, or kept while the text is still to be sent.
     *
     * @return string
     */
    public function getConfirmation();

    /**
     * @return string
     */
    public function getProductId();

    /**
     * Empty for a product without variations.
     *
     * @return string
     */
    public function getVariationId();

    /**
     * Masked.
     *
     * @return string
     */
    public function getNumber();

    /**
     * @return string
     */
    public function getState();
}
