#!/bin/sh
# Install what tests use of this machine's own packages, where that is possible; what stays missing, the tests tell.
set -u
folder=$(dirname "$0")
missing=$(grep -v '^#' "$folder/machine.txt" | while read -r command package; do
    command -v "$command" >/dev/null 2>&1 || echo "$package"
done)
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed, and not for us to install: $(echo $missing). The tests that need them say so."
    exit 0
fi
echo "Installing what the tests need of this machine: $(echo $missing) ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# A server that comes along must not be started by its package.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
{ apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 || tail -n 5 "$log"
rm -f "$log"
