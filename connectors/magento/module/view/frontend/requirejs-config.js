var config = {
    config: {
        mixins: {
            'Magento_Checkout/js/action/place-order': {'Recado_Sms/js/with-consents': true},
            'Magento_Checkout/js/action/set-payment-information': {'Recado_Sms/js/with-consents-second': true},
            'Magento_Checkout/js/action/set-payment-information-extended': {'Recado_Sms/js/with-consents-second': true}
        }
    }
};
