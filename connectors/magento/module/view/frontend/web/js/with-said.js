define(['mage/utils/wrapper', 'Recado_Sms/js/consents'], function (wrapper, consents) {
    'use strict';

    return function (action) {
        return wrapper.wrap(action, function (original, payment, messages) {
            consents.addTo(payment);

            return original(payment, messages);
        });
    };
});
