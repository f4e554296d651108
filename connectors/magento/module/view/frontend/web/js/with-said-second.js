/**
 * Here the payment is the second argument.
 */
define(['mage/utils/wrapper', 'Recado_Sms/js/said'], function (wrapper, said) {
    'use strict';

    return function (action) {
        return wrapper.wrap(action, function (original, messages, payment, more) {
            said.addTo(payment);

            return original(messages, payment, more);
        });
    };
});
