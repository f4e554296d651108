define(['jquery', 'Recado_Sms/js/desk'], function ($, desk) {
    'use strict';

    return function (config) {
        var list = $('#recado-state');

        desk.ask('GET', config.stateUrl, {}).then(function (answer) {
            list.empty().append(answer.lines.map(function (line) {
                return $('<li/>').addClass(line[0] ? 'good' : 'bad').text(line[1]);
            }));
        }, function (problem) {
            list.empty().append($('<li class="bad"/>').text(problem));
        });
    };
});
