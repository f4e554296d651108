/**
 * The form under a sold-out product, without leaving the page; and a click on a sold-out swatch chooses it here.
 */
define(['mage/translate'], function ($t) {
    'use strict';

    return function (config, root) {
        var ask = root.querySelector('.recado-alert-form'),
            confirm = root.querySelector('.recado-code-form'),
            outcome = root.querySelector('.recado-outcome'),
            alertId = '';

        function say(sentence, tone) {
            outcome.className = 'recado-outcome ' + tone;
            outcome.textContent = sentence;
        }

        function post(url, body, button) {
            body.set('isAjax', '1');
            body.set('form_key', (document.cookie.match(/(?:^|; )form_key=([^;]+)/) || ['', body.get('form_key')])[1]);
            button.disabled = true;

            return fetch(url, {
                method: 'POST',
                body: body,
                credentials: 'same-origin',
                headers: {'X-Requested-With': 'XMLHttpRequest'}
            }).then(function (answer) {
                return answer.json();
            }).catch(function () {
                return {error: $t('That did not work. Please try again.')};
            }).then(function (answer) {
                button.disabled = false;
                say(answer.error || answer.said, answer.error ? 'bad' : 'good');

                return answer;
            });
        }

        function optionOf(element) {
            var attribute = element.closest('[data-attribute-id], [attribute-id]');

            return attribute && [
                attribute.getAttribute('data-attribute-id') || attribute.getAttribute('attribute-id'),
                element.getAttribute('data-option-id') || element.getAttribute('option-id')
            ];
        }

        function chosen() {
            var options = {};

            document.querySelectorAll('.swatch-option.selected').forEach(function (element) {
                var option = optionOf(element);

                options[option[0]] = option[1];
            });
            document.querySelectorAll('select.super-attribute-select').forEach(function (element) {
                var id = (element.name.match(/\[(\d+)\]/) || [])[1];

                if (id && element.value) {
                    options[id] = element.value;
                }
            });

            return options;
        }

        function choose(more) {
            var options = chosen(),
                fitting;

            if (more) {
                options[more[0]] = more[1];
            }
            fitting = (config.variations || []).filter(function (one) {
                return Object.keys(options).length && Object.keys(options).every(function (id) {
                    return one.options[id] === options[id];
                });
            });
            if (fitting.length === 1) {
                ask.elements.variation.value = fitting[0].id;
            }

            return fitting.length === 1;
        }

        ask.addEventListener('submit', function (event) {
            event.preventDefault();
            post(ask.action, new FormData(ask), ask.querySelector('button')).then(function (answer) {
                if (!answer.error) {
                    ask.hidden = true;
                    alertId = answer.id;
                    confirm.hidden = answer.confirmation !== 'code';
                }
            });
        });
        confirm.addEventListener('submit', function (event) {
            var body = new FormData(confirm);

            event.preventDefault();
            body.set('id', alertId);
            post(config.confirmUrl, body, confirm.querySelector('button')).then(function (answer) {
                confirm.hidden = !answer.error;
            });
        });
        if ((config.variations || []).length) {
            // Before Magento's own handler, which ignores swatches that are sold out.
            document.addEventListener('click', function (event) {
                var swatch = event.target.closest && event.target.closest('.swatch-option');

                if (swatch && swatch.matches('.disabled') && choose(optionOf(swatch))) {
                    root.scrollIntoView({block: 'nearest'});
                    ask.elements.number.focus();
                }
            }, true);
            document.addEventListener('change', function (event) {
                if (event.target.matches('.super-attribute-select, .swatch-input')) {
                    choose();
                }
            });
        }
    };
});
