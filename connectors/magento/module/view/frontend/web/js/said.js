/**
 * What is ticked at this moment; the checkout's requests carry it.
 */
define([], function () {
    'use strict';

    var ticked = {};

    return {
        set: function (purpose, isTicked) {
            ticked[purpose] = isTicked;
        },

        addTo: function (payment) {
            var known = Object.keys(ticked);

            if (payment && known.length) {
                payment['extension_attributes'] = payment['extension_attributes'] || {};
                payment['extension_attributes']['recado_consents'] = known.filter(function (purpose) {
                    return ticked[purpose];
                });
            }
        }
    };
});
