<?php
declare(strict_types=1);

namespace Recado\Sms\Model\Resolver;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\GraphQl\Config\Element\Field;
use Magento\Framework\GraphQl\Exception\GraphQlAuthorizationException;
use Magento\Framework\GraphQl\Exception\GraphQlInputException;
use Magento\Framework\GraphQl\Query\ResolverInterface;
use Magento\Framework\GraphQl\Schema\Type\ResolveInfo;

/**
 * What a shopper asks for by GraphQL; a refusal is told in its own words.
 */
abstract class Shopper implements ResolverInterface
{
    public function resolve(Field $field, $context, ResolveInfo $info, ?array $value = null, ?array $args = null)
    {
        try {
            return $this->answer($context, $args ?? []);
        } catch (GraphQlAuthorizationException $stranger) {
            throw $stranger;
        } catch (LocalizedException $no) {
            throw new GraphQlInputException(__($no->getMessage()), $no);
        }
    }

    /**
     * @param array<string, mixed> $args
     * @throws LocalizedException
     */
    abstract protected function answer(object $context, array $args): mixed;

    /**
     * @throws GraphQlAuthorizationException
     */
    protected function customerId(object $context): int
    {
        if (!$context->getExtensionAttributes()->getIsCustomer()) {
            throw new GraphQlAuthorizationException(__('Sign in first.'));
        }
        return (int)$context->getUserId();
    }

    /**
     * @return array<string, string>
     */
    protected function shown(object $alert): array
    {
        return [
            'id' => $alert->getId(),
            'confirmation' => $alert->getConfirmation(),
            'product_id' => $alert->getProductId(),
            'variation_id' => $alert->getVariationId(),
            'number' => $alert->getNumber(),
            'state' => $alert->getState(),
        ];
    }
}
