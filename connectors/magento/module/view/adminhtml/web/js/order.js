define(['jquery', 'Recado_Sms/js/desk', 'mage/translate'], function ($, desk, $t) {
    'use strict';

    return function (config) {
        var texts = [],
            talkId = '';

        function when(moment) {
            return moment ? new Date(moment).toLocaleString() : '';
        }

        function row(message) {
            return $('<tr/>').append(
                $('<td/>').text(when(message.created_at)),
                $('<td class="recado-words"/>').text(message.text),
                $('<td/>').text(message.to),
                $('<td/>').append(desk.stateWord(message), $('<div class="recado-hint"/>').text(message.explanation)),
                $('<td/>').text(message.segments)
            );
        }

        function table(messages) {
            var names = [$t('Made'), $t('Text'), $t('To'), $t('State'), $t('Parts')];

            if (!messages.length) {
                return $('<p/>').text($t('No text about this order yet.'));
            }

            return $('<table class="admin__table-primary"/>').append(
                $('<thead/>').append($('<tr/>').append(names.map(function (name) {
                    return $('<th/>').text(name);
                }))),
                $('<tbody/>').append(messages.map(row))
            );
        }

        function talk(conversation) {
            talkId = conversation ? conversation.id : '';
            $('#recado-order-talk').prop('hidden', !conversation);
            $('#recado-talk').empty().append((conversation ? conversation.entries : []).map(function (entry) {
                return $('<p/>').addClass(entry.direction === 'in' ? 'theirs' : 'ours').text(entry.text)
                    .append($('<small/>').text(when(entry.at)));
            }));
        }

        function choices(found) {
            var select = $('#recado-send-template');

            texts = found;
            select.find('option').slice(1).remove();
            select.append(texts.map(function (text) {
                return $('<option/>').val(text.key).text(text.label);
            }));
        }

        function load() {
            return desk.ask('GET', config.textsUrl, {}).then(function (answer) {
                $('#recado-order-texts').empty().append(table(answer.messages));
                talk(answer.conversation);
                choices(answer.templates);
            }, function (problem) {
                $('#recado-order-texts').empty().append($('<p class="recado-note bad"/>').text(problem));
            });
        }

        function send(button, url, data, outcome, done) {
            button.prop('disabled', true);
            // The same wish, however often the button is pressed or the answer is lost.
            data.key = button.data('key') || Math.random().toString(36).slice(2) + Date.now().toString(36);
            button.data('key', data.key);
            desk.ask('POST', url, data).then(function (message) {
                outcome.empty().append(desk.stateWord(message), ' ', $('<span/>').text(message.explanation || ''));
                button.removeData('key');
                done();
                load();
            }, function (problem) {
                outcome.empty().append($('<span class="bad"/>').text(problem));
            }).always(function () {
                button.prop('disabled', false);
            });
        }

        $('#recado-order-again').on('click', load);
        $('#recado-send-template').on('change', function () {
            var key = $(this).val(),
                text = texts.filter(function (one) {
                    return one.key === key;
                })[0];

            $('#recado-send-words').toggle(!text);
            $('#recado-send-preview').prop('hidden', !text).text(text ? text.text : '')
                .append(text ? $('<small/>').text(desk.size(text)) : '');
        });
        $('#recado-order-send').on('input change', function () {
            $('#recado-send-go').removeData('key');
        });
        $('#recado-send-go').on('click', function () {
            send($(this), config.sendUrl, {
                to: $('#recado-send-to').val(),
                template: $('#recado-send-template').val(),
                text: $('#recado-send-words').val()
            }, $('#recado-send-outcome'), function () {
                $('#recado-send-words').val('');
            });
        });
        $('#recado-answer-go').on('click', function () {
            send($(this), config.answerUrl, {conversation: talkId, text: $('#recado-answer').val()},
                $('#recado-answer-outcome'), function () {
                    $('#recado-answer').val('');
                });
        });
        load();
    };
});
