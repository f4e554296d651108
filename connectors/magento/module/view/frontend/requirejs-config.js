var config = {
    config: {
        mixins: {
            'Magento_Checkout/js/action/place-order': {'Recado_Sms/js/with-said': true},
            'Magento_Checkout/js/action/set-payment-information': {'Recado_Sms/js/with-said-second': true},
            'Magento_Checkout/js/action/set-payment-information-extended': {'Recado_Sms/js/with-said-second': true}
        }
    }
};
