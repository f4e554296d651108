#!/bin/sh
# Collect the plugin's texts into recado.pot, merge them into each translation, and compile those.
set -eu
cd "$(dirname "$0")/recado"
pot=languages/recado.pot
find . -name '*.php' | LC_ALL=C sort | xgettext --files-from=- --output="$pot" --language=PHP --from-code=UTF-8 \
    --keyword=__ --keyword=_e --keyword=_n:1,2 --keyword=_x:1,2c --keyword=esc_html__ --keyword=esc_html_e \
    --keyword=esc_attr__ --keyword=esc_attr_e --keyword=esc_html_x:1,2c --add-comments=translators \
    --package-name=Recado --copyright-holder=Recado --no-wrap --add-location=file
sed -i -e '/^"POT-Creation-Date/d' -e 's/charset=CHARSET/charset=UTF-8/' -e '/^# SOME DESCRIPTIVE/d' -e '/^# FIRST AUTHOR/d' \
    -e 's/^# This file is distributed.*/# GPL-2.0-or-later/' -e 's/^# Copyright (C) YEAR/# Copyright (C)/' "$pot"
for po in languages/recado-*.po; do
    msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --add-location=file "$po" "$pot"
    sed -i '/^"POT-Creation-Date/d' "$po"
    msgattrib --no-obsolete --no-wrap --output-file="$po" "$po"
    msgfmt --check-format --output-file="${po%.po}.mo" "$po"
done
