/**
 * Here the payment is the second argument.
 */
define(['mage/utils/wrapper', 'Recado_Sms/js/consents'], function (wrapper, consents) {
    'use strict';

    return function (action) {
        return wrapper.wrap(action, function (original, messages, payment, more) {
            consents.addTo(payment);

            return original(messages, payment, more);
        });
    };
});
