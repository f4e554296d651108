/**
 * Shows those fields of sending hours that count, adds and removes hours, and tells what is wrong before anything is saved.
 */
define(['jquery', 'mage/translate', 'mage/validation'], function ($, $t) {
    'use strict';

    var REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/;

    function part(root, kind) {
        return root.querySelector('[data-kind="' + kind + '"]');
    }

    function kindOf(root) {
        return root.querySelector('select').value;
    }

    /**
     * Of each day that counts, with its name beside it.
     */
    function counting(root) {
        var same = part(root, 'same');

        if (kindOf(root) === 'same') {
            return [same];
        }

        return kindOf(root) === 'each' ? [].filter.call(root.querySelectorAll('.recado-day'), function (day) {
            return day.querySelector('[type=checkbox]').checked;
        }) : [];
    }

    function isComplete(day) {
        var spans = [].map.call(day.querySelectorAll('.recado-span'), function (span) {
            return [].filter.call(span.querySelectorAll('input'), function (time) {
                return time.value;
            }).length;
        });

        return spans.indexOf(1) === -1 && spans.indexOf(2) !== -1;
    }

    function faultOf(root) {
        var days = counting(root),
            incomplete = days.filter(function (day) {
                return !isComplete(day);
            })[0],
            region = root.querySelector('.recado-region input').value.trim().toUpperCase();

        if (kindOf(root) === 'each' && !days.length) {
            return $t('Tick at least one day, or choose any hour.');
        }
        if (incomplete) {
            return $t('%1: say from when until when, such as 09:00 to 18:00.').replace('%1', incomplete.dataset.name);
        }

        return root.querySelector('.recado-holidays').checked && region && !REGION.test(region) ?
            $t('Name the country of the holidays by its code, such as BR, or DE-BY for a part of it.') : '';
    }

    function show(root) {
        part(root, 'same').hidden = kindOf(root) !== 'same';
        part(root, 'each').hidden = kindOf(root) !== 'each';
        root.querySelectorAll('.recado-day').forEach(function (day) {
            day.querySelector('.recado-times').hidden = !day.querySelector('[type=checkbox]').checked;
        });
        root.querySelector('.recado-region').hidden = !root.querySelector('.recado-holidays').checked;
        root.querySelectorAll('.recado-times').forEach(function (times) {
            times.classList.toggle('only', times.querySelectorAll('.recado-span').length < 2);
        });
    }

    function add(times) {
        var spans = times.querySelectorAll('.recado-span'),
            more = spans[spans.length - 1].cloneNode(true);

        more.querySelectorAll('input').forEach(function (time) {
            time.value = '';
        });
        times.insertBefore(more, times.querySelector('.recado-span-more'));
        more.querySelector('input').focus();
    }

    function remove(span) {
        var times = span.parentNode;

        span.remove();
        times.querySelector('.recado-span-more').focus();
    }

    $.validator.addMethod('validate-recado-hours', function (value, select) {
        return !faultOf(select.closest('.recado-hours'));
    }, function (_, select) {
        return faultOf(select.closest('.recado-hours'));
    });

    return function (config, root) {
        root.addEventListener('click', function (event) {
            var more = event.target.closest('.recado-span-more'),
                less = event.target.closest('.recado-span-less');

            if (more) {
                add(more.parentNode);
            } else if (less) {
                remove(less.parentNode);
            }
            show(root);
        });
        root.addEventListener('change', show.bind(null, root));
        show(root);
    };
});
