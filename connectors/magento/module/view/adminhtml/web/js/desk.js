/**
 * What the settings page and the order page have in common: asking the shop's own admin, which asks Recado.
 */
define(['jquery', 'mage/translate'], function ($, $t) {
    'use strict';

    var tones = {
            delivered: 'good', read: 'good',
            held: 'going', queued: 'going', sending: 'going', accepted: 'going', sent: 'going',
            unknown: 'doubt',
            undelivered: 'bad', rejected: 'bad', expired: 'bad',
            cancelled: 'quiet', superseded: 'quiet', suppressed: 'quiet'
        },
        words = {
            delivered: $t('delivered'), read: $t('read'), held: $t('waiting for its time'), queued: $t('about to leave'),
            sending: $t('leaving'), accepted: $t('taken by the provider'), sent: $t('on its way'),
            unknown: $t('not known'), undelivered: $t('not delivered'), rejected: $t('refused'),
            expired: $t('too late'), cancelled: $t('cancelled'), superseded: $t('overtaken by a later change'),
            suppressed: $t('not sent')
        },
        lasting = ['held', 'delivered', 'read', 'undelivered', 'rejected', 'expired', 'cancelled', 'superseded',
            'suppressed'];

    return {
        /**
         * @param {String} method
         * @param {String} url
         * @param {Object} data
         * @returns {Promise} of the answer; fails with a sentence
         */
        ask: function (method, url, data) {
            var told = $.Deferred();

            $.ajax({
                method: method,
                url: url,
                data: $.extend({'form_key': window.FORM_KEY}, data),
                dataType: 'json',
                timeout: 20000
            }).done(function (answer) {
                if (answer.error) {
                    told.reject(answer.error);
                } else {
                    told.resolve(answer);
                }
            }).fail(function () {
                told.reject($t('The shop did not answer. Please try again.'));
            });

            return told.promise();
        },

        isLasting: function (state) {
            return lasting.indexOf(state) !== -1;
        },

        stateWord: function (message) {
            return $('<span class="recado-state-word"/>')
                .addClass(tones[message.status] || 'quiet')
                .text(words[message.status] || message.status)
                .attr('title', message.explanation || '');
        },

        size: function (text) {
            var parts = text.segments === 1 ? $t('1 part') : $t('%1 parts').replace('%1', text.segments);

            return parts + ', ' + text.encoding + (text.price ? ', ' + text.price + ' ' + text.currency : '');
        }
    };
});
