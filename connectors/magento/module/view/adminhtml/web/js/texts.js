define(['jquery', 'Recado_Sms/js/desk', 'mage/translate'], function ($, desk, $t) {
    'use strict';

    return function (config) {
        var list = $('#recado-texts');

        function offer(text) {
            var words = $('<textarea class="admin__control-textarea" rows="3"/>')
                    .val(text.words || '').attr('aria-label', $t('Your own words')),
                note = $('<p class="recado-note" role="status"/>'),
                button = $('<button type="button" class="action-secondary"/>')
                    .append($('<span/>').text($t('Hand in for approval')));

            button.on('click', function () {
                button.prop('disabled', true);
                desk.ask('POST', config.ownTextUrl, {key: text.key, text: words.val()}).then(function () {
                    note.removeClass('bad').text(
                        $t('Handed in. It is sent in place of the text above as soon as it is approved.')
                    );
                }, function (problem) {
                    note.addClass('bad').text(problem);
                }).always(function () {
                    button.prop('disabled', false);
                });
            });

            return $('<div class="recado-card"/>').append(
                $('<p class="recado-hint"/>').text(
                    $t('In your own words, with {order_number}, {first_name} and the like:')
                ),
                words, button, note
            );
        }

        function row(text) {
            var hint = (text.own ? $t('your own words') + ', ' : '') + desk.size(text);

            return $('<details/>').append(
                $('<summary/>').text(text.label).append($('<small/>').text(hint)),
                $('<blockquote class="recado-text"/>').text(text.text),
                offer(text)
            );
        }

        desk.ask('GET', config.textsUrl, {}).then(function (answer) {
            list.empty().append(answer.templates.map(row));
        }, function (problem) {
            list.empty().append($('<p class="recado-note bad"/>').text(problem));
        });
    };
});
