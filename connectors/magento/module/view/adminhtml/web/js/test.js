define(['jquery', 'Recado_Sms/js/desk', 'mage/translate'], function ($, desk, $t) {
    'use strict';

    return function (config) {
        var form = $('#recado-test-form'),
            choice = $('#recado-test-text'),
            outcome = $('#recado-test-outcome'),
            texts = [],
            asked = 0;

        function say(sentence, tone) {
            outcome.empty().append($('<span/>').addClass(tone).text(sentence));
        }

        function preview() {
            var text = texts[choice.prop('selectedIndex')];

            $('#recado-test-preview').empty();
            if (text) {
                $('#recado-test-preview').text(text.text).append($('<small/>').text(desk.size(text)));
            }
        }

        function load() {
            desk.ask('GET', config.textsUrl, {}).then(function (answer) {
                texts = answer.templates;
                choice.append(texts.map(function (text) {
                    return $('<option/>').val(text.key).text(text.label).prop('selected', text.key === 'test');
                }));
                preview();
            }, function (problem) {
                say(problem, 'bad');
            });
        }

        function show(message) {
            outcome.empty().append(desk.stateWord(message), ' ', $('<span/>').text(message.explanation || ''));
        }

        function follow(id, turn, tries) {
            desk.ask('GET', config.messageUrl, {id: id}).then(function (message) {
                if (turn !== asked) {
                    return;
                }
                show(message);
                if (!desk.isLasting(message.status) && tries > 0) {
                    setTimeout(follow, 1500, id, turn, tries - 1);
                }
            });
        }

        $('#recado-test-open').on('click', function () {
            var isHidden = form.prop('hidden');

            form.prop('hidden', !isHidden);
            $(this).attr('aria-expanded', String(isHidden));
            if (isHidden && !texts.length) {
                load();
            }
            if (isHidden) {
                $('#recado-test-to').trigger('focus');
            }
        });
        choice.on('change', preview);
        // Enter in this field would save the whole page.
        $('#recado-test-to').on('keydown', function (event) {
            if (event.key === 'Enter') {
                event.preventDefault();
                $('#recado-test-send').trigger('click');
            }
        });
        $('#recado-test-send').on('click', function () {
            var turn = ++asked,
                button = $(this).prop('disabled', true);

            say($t('Sending …'), '');
            desk.ask('POST', config.testUrl, {to: $('#recado-test-to').val(), template: choice.val()})
                .then(function (message) {
                    show(message);
                    follow(message.id, turn, 20);
                }, function (problem) {
                    say(problem, 'bad');
                }).always(function () {
                    button.prop('disabled', false);
                });
        });
    };
});
