define(['mage/utils/wrapper', 'Recado_Sms/js/said'], function (wrapper, said) {
    'use strict';

    return function (action) {
        return wrapper.wrap(action, function (original, payment, messages) {
            said.addTo(payment);

            return original(payment, messages);
        });
    };
});
