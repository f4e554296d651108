<?php
declare(strict_types=1);

namespace Recado\Sms\Plugin\Sales;

use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\Data\OrderSearchResultInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Recado\Sms\Model\Checkout\NumberForTexts;

/**
 * The mobile number given for texts is shown with the order, by REST too.
 */
class ShowMobile
{
    public function afterGet(OrderRepositoryInterface $subject, OrderInterface $order): OrderInterface
    {
        $order->getExtensionAttributes()?->setRecadoMobile($order->getData(NumberForTexts::MOBILE));
        return $order;
    }

    public function afterGetList(
        OrderRepositoryInterface $subject,
        OrderSearchResultInterface $found
    ): OrderSearchResultInterface {
        foreach ($found->getItems() as $order) {
            $this->afterGet($subject, $order);
        }
        return $found;
    }
}
