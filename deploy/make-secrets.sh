#!/bin/sh
# Make the secrets that compose.yaml reads, once; what is there already is kept.
set -eu
umask 077
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
# The sidecar reads them as user 10001, whom Compose gives the files as they are.
random() { head -c 48 /dev/urandom | base64 | tr -d '+/=\n'; }
keep() { [ -s "$folder/$1" ] || { printf '%s' "$2" > "$folder/$1"; chmod 444 "$folder/$1"; echo "made $1"; }; }
keep secret_key "$(random)"
keep admin_password "$(random | cut -c1-20)"
keep database_password "$(random)"
keep database_url "postgresql://recado:$(cat "$folder/database_password")@database/recado"
echo "The password of the pages is in $folder/admin_password. Keep a copy of $folder/secret_key in another place."
