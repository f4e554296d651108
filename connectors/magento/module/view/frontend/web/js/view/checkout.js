define([
    'uiComponent',
    'ko',
    'jquery',
    'Magento_Checkout/js/model/quote',
    'Magento_Checkout/js/model/payment/additional-validators',
    'Recado_Sms/js/said',
    'mage/translate',
    'mage/cookies'
], function (Component, ko, $, quote, validators, said, $t) {
    'use strict';

    var settings = window.checkoutConfig.recadoSms || {consents: [], code: {methods: [], from: null}};

    return Component.extend({
        defaults: {template: 'Recado_Sms/checkout'},

        initialize: function () {
            this._super();
            this.consents = settings.consents.map(function (consent) {
                var ticked = ko.observable(consent.given);

                said.tick(consent.purpose, consent.given);
                ticked.subscribe(function (value) {
                    said.tick(consent.purpose, value);
                });

                return {purpose: consent.purpose, wording: consent.wording, ticked: ticked};
            });
            this.askForMobile();
            this.wayOut = settings.code.wayOut;
            this.code = ko.observable('');
            this.said = ko.observable('');
            this.isBad = ko.observable(false);
            this.isBusy = ko.observable(false);
            this.isAsked = ko.observable(false);
            this.isDone = ko.observable(false);
            this.number = ko.computed(function () {
                var billing = quote.billingAddress(),
                    shipping = quote.shippingAddress();

                return this.mobile().trim() || billing && billing.telephone || shipping && shipping.telephone || '';
            }, this);
            this.country = ko.computed(function () {
                var address = quote.billingAddress() || quote.shippingAddress();

                return address && address.countryId || '';
            });
            // Read as in another country, it is another number.
            [this.number, this.country].forEach(function (written) {
                written.subscribe(function () {
                    this.isAsked(false);
                    this.isDone(false);
                    this.said('');
                }, this);
            }, this);
            this.isNeeded = ko.computed(function () {
                var method = quote.paymentMethod(),
                    totals = quote.totals(),
                    total = totals ? Number(totals['base_grand_total']) : 0,
                    code = settings.code;

                return total > 0 && (code.always || code.from !== null && total >= code.from ||
                    !!method && code.methods.indexOf(method.method) !== -1);
            });

            return this;
        },

        askForMobile: function () {
            this.asksMobile = !!settings.asksMobile;
            this.mobile = ko.observable(this.asksMobile && settings.mobile || '');
            this.mobileFault = ko.observable('');
            this.mobile.subscribe(function (typed) {
                said.give(typed);
                this.mobileFault('');
            }, this);
            if (this.asksMobile) {
                said.give(this.mobile());
                validators.registerValidator({validate: function () {
                    var isFine = this.checkMobile();

                    if (!isFine) {
                        document.getElementById('recado-mobile').focus();
                    }

                    return isFine;
                }.bind(this)});
            }
        },

        checkMobile: function () {
            var isFine = said.canBeANumber(this.mobile().trim());

            this.mobileFault(isFine ? ''
                : $t('The mobile number for texts is no phone number: correct it or leave it empty.'));

            return isFine;
        },

        ask: function (url, data, done) {
            var self = this;

            self.isBusy(true);
            $.ajax({
                method: 'POST',
                url: url,
                data: $.extend({'form_key': $.mage.cookies.get('form_key'), isAjax: 1}, data),
                dataType: 'json'
            }).then(function (answer) {
                self.isBad(!!answer.error);
                self.said(answer.error || answer.said);
                if (!answer.error) {
                    done(answer);
                }
            }, function () {
                self.isBad(true);
                self.said($t('That did not work. Please try again.'));
            }).always(function () {
                self.isBusy(false);
            });
        },

        send: function () {
            this.ask(settings.codeUrl, {number: this.number(), country: this.country()}, function (answer) {
                this.isAsked(answer.sent);
                this.isDone(!answer.sent);
            }.bind(this));
        },

        check: function () {
            this.ask(settings.checkUrl, {code: this.code()}, function () {
                this.isDone(true);
            }.bind(this));
        },

        waive: function () {
            this.ask(settings.waiveUrl, {}, function () {
                this.isDone(true);
            }.bind(this));
        }
    });
});
