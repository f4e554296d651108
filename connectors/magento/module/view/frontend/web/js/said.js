/**
 * What is ticked at this moment, and the number for texts; the checkout's requests carry both.
 */
define([], function () {
    'use strict';

    var ticked = {},
        mobile = null;

    /**
     * As the server looks at it.
     */
    function canBeANumber(typed) {
        var digits = typed.replace(/\D/g, '').length;

        return typed === '' || typed.length <= 30 && digits >= 6 && digits <= 17;
    }

    return {
        canBeANumber: canBeANumber,

        tick: function (purpose, isTicked) {
            ticked[purpose] = isTicked;
        },

        give: function (typed) {
            mobile = typed.trim();
        },

        addTo: function (payment) {
            var known = Object.keys(ticked),
                more = {};

            if (known.length) {
                more['recado_consents'] = known.filter(function (purpose) {
                    return ticked[purpose];
                });
            }
            // Some requests are sent while it is still being typed.
            if (mobile !== null && canBeANumber(mobile)) {
                more['recado_mobile'] = mobile;
            }
            if (payment && Object.keys(more).length) {
                payment['extension_attributes'] = Object.assign(payment['extension_attributes'] || {}, more);
            }
        }
    };
});
