#!/bin/bash
# The Debian packages in a fresh Debian: installed, used, upgraded, removed and purged, first without systemd, then with one
# that runs. `make deb-check` calls it as root, with the network:
#
#     tests/deb/fresh_root.sh FOLDER NEXT     two folders of packages, those in NEXT of a higher version
packages=$(realpath "$1")
next=$(realpath "$2")
. "$(dirname "$0")/../structure/tap.bash"

place=$(mktemp -d)
root=$place/root
server= # the process that was started last

leave() {
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null
    wait 2>/dev/null
    rm -rf --one-file-system "$place"
}
trap leave EXIT

# --- the root --------------------------------------------------------------------------------------------------------

within() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

# Prints what a command says only if it fails.
quietly() { "$@" >"$place/log" 2>&1 </dev/null || cat "$place/log"; }

make_root() {
    debootstrap --variant=minbase bookworm "$root" && cp "$packages"/*.deb "$root/root/" && mkdir "$root/root/next" &&
        cp "$next"/*.deb "$root/root/next/" && within apt-get update
}

# Where a package lies in the root.
first() { echo "/root/$(basename "$packages/$1"_*.deb)"; }
second() { echo "/root/next/$(basename "$next/$1"_*.deb)"; }

install_packages() { within apt-get install -y --no-install-recommends "$@"; }

# What is named after us, but for what apt, dpkg and we keep about it.
named_after_us() {
    within find / -xdev \( -path /root -o -path /var/log -o -path /var/cache -o -path /proc -o -path /tmp \) -prune -o \
        -iname '*syncplay*' -print
    within getent passwd syncplay
    within getent group syncplay
}

nothing_is_left() { named_after_us | sed 's/$/ is left/'; }

# --- without systemd -------------------------------------------------------------------------------------------------

is_installed() {
    within syncplay-server --version | grep -qx "syncplay-server $(sed -n 's/.*VERSION_TEXT "\(.*\)"/\1/p' include/syncplay/version.h)" ||
        echo "--version says something else"
    [ "$(within stat -c '%U %a' /var/lib/syncplay)" = "syncplay 700" ] || echo "/var/lib/syncplay is not as it should be"
    within dpkg -V syncplay-server
    within syncplay-server --check-config --config /etc/syncplay/syncplay.yaml | grep -vx "the configuration is right"
    true
}

# As the service's user, with the service's settings, on a port that is free.
serves() {
    chroot --userspec=syncplay:syncplay "$root" syncplay-server --config /etc/syncplay/syncplay.yaml --listen 127.0.0.1:0 \
        2>"$place/said" &
    server=$!
    local url
    for _ in $(seq 100); do
        url=$(grep -oE 'http://[0-9.:]+' "$place/said") && break
        sleep 0.1
    done
    curl -fsS "$url/healthz" >"$place/healthz" || cat "$place/said"
    kill "$server" && wait "$server" || echo "it ended with $?"
    server=
    [ -s "$root/var/lib/syncplay/syncplay.db" ] || echo "there is no database"
}

upgrades() {
    echo "# mine" >>"$root/etc/syncplay/syncplay.yaml"
    cp "$root/var/lib/syncplay/syncplay.db" "$place/before.db"
    quietly install_packages "$(second syncplay-server)"
    [ "$(within dpkg-query -W -f '${Version}' syncplay-server)" = "$(dpkg-deb -f "$next"/syncplay-server_*.deb Version)" ] || echo "the version is not the next"
    tail -n 1 "$root/etc/syncplay/syncplay.yaml" | grep -qx "# mine" || echo "the settings were overwritten"
    cmp "$place/before.db" "$root/var/lib/syncplay/syncplay.db"
}

# The README's example, with the command that stands there.
embeds() {
    awk '/<!-- embedding -->/ { seen = 1; next } seen && $0 == "```c" { inside = 1; next } inside && $0 == "```" { exit }
         inside' README.md >"$root/root/embed.c"
    quietly install_packages gcc libc6-dev pkg-config "$(second libsyncplay0)" "$(second libsyncplay-dev)"
    within sh -c 'cd /root && cc embed.c $(pkg-config --cflags --libs libsyncplay) -o embed && ./embed' | head -n 1 |
        grep -q '^to 1: {"type":"state"' || echo "it does not say what it should"
    [ -s "$root/usr/share/man/man3/syncplay_hub_new.3.gz" ] || echo "there is no manual"
}

removes() {
    quietly within apt-get remove -y syncplay-server libsyncplay0 libsyncplay-dev
    [ ! -e "$root/usr/bin/syncplay-server" ] && [ ! -e "$root/usr/include/syncplay" ] || echo "programs and headers are still there"
    [ -e "$root/etc/syncplay/syncplay.yaml" ] && [ -e "$root/var/lib/syncplay/syncplay.db" ] || echo "settings or database are gone"
}

# --- with systemd ----------------------------------------------------------------------------------------------------

# Boots the root, with a loopback interface of its own. `leader` is the first process in it, as seen from here.
boot() {
    quietly install_packages systemd systemd-sysv
    systemd-nspawn --quiet --register=no --keep-unit --private-network --boot --directory="$root" >"$place/boot" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 150); do
        leader=$(cut -d ' ' -f 1 "/proc/$server/task/$server/children" 2>/dev/null)
        [ -n "$leader" ] && inside systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && return
        sleep 0.2
    done
    cat "$place/boot"
}

inside() { nsenter --target "$leader" --mount --uts --ipc --net --pid --root --wd env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
log_of_service() { inside journalctl --no-pager --output=cat --unit=syncplay-server; }

until_true() { # WHAT COMMAND...
    local what=$1
    shift
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.2
    done
    echo "$what"
    log_of_service | tail -n 20
}

main_process() { inside systemctl show --property=MainPID --value syncplay-server; }
is_another_process() { inside systemctl is-active --quiet syncplay-server && [ "$(main_process)" != "$before" ]; }
has_logged() { log_of_service | grep -qF "$1"; }
is_healthy() { nsenter --target "$leader" --net curl -fsS http://127.0.0.1:8080/healthz; }

runs_as_service() {
    quietly inside dpkg --install "$(first syncplay-server)"
    inside systemctl is-active syncplay-server | grep -vx active
    inside systemctl is-enabled syncplay-server | grep -vx enabled
    is_healthy >"$place/healthz"
    [ "$(inside stat -c %U "/proc/$(main_process)")" = syncplay ] || echo "it runs as somebody else"
    inside grep -qE '^Seccomp:\s+2' "/proc/$(main_process)/status" || echo "its system calls are not filtered"
}

has_a_party() { nsenter --target "$leader" --net node tests/deb/party.mjs; }

# With the settings of the service, as root.
is_looked_after() {
    inside syncplay-server admin --config /etc/syncplay/syncplay.yaml user list | grep -q Ana || echo "Ana is not there"
    inside syncplay-server admin --config /etc/syncplay/syncplay.yaml backup /root/backup.db | grep -v backup
    [ -s "$root/root/backup.db" ] || echo "there is no backup"
}

reloads() {
    quietly inside systemctl reload syncplay-server
    until_true "it did not read its settings again" has_logged "the configuration was read again"
}

comes_back() { # SIGNAL: what it is killed with
    before=$(main_process)
    inside systemctl kill --signal="$1" syncplay-server
    until_true "it did not come back after SIG$1" is_another_process
    is_healthy >"$place/healthz"
}

# A process that is stopped says nothing any more.
is_watched() {
    inside sh -c 'mkdir -p /run/systemd/system/syncplay-server.service.d
        printf "[Service]\nWatchdogSec=2s\n" >/run/systemd/system/syncplay-server.service.d/watchdog.conf
        systemctl daemon-reload; systemctl restart syncplay-server; sleep 5'
    [ "$(inside systemctl show --property=NRestarts --value syncplay-server)" = 0 ] || echo "it was thought to hang"
    comes_back STOP
}

upgrades_while_it_runs() {
    before=$(main_process)
    quietly inside dpkg --install "$(second syncplay-server)"
    until_true "it was not started again" is_another_process
}

leaves_nothing() {
    inside rm -r /run/systemd/system/syncplay-server.service.d
    quietly inside dpkg --purge syncplay-server
    inside systemctl is-active syncplay-server | grep -x active
    nothing_is_left
}

halts() {
    inside systemctl --no-block poweroff 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}

[ "$(id -u)" = 0 ] || { echo "This needs root."; exit 1; }
check "a fresh Debian" quietly make_root
check "the server's package installs" quietly install_packages "$(first syncplay-server)"
check "what it brings is there" is_installed
check "the server serves, as its own user" serves
check "an upgrade keeps settings and database" upgrades
check "the README's example builds with the development package" embeds
check "removing keeps settings and database" removes
check "purging works" quietly within apt-get purge -y syncplay-server
check "nothing is left" nothing_is_left
boot_result=$place/boot_result
boot >"$boot_result" 2>&1
check "the fresh Debian boots" cat "$boot_result"
check "the package starts a service, with a user and a filter" runs_as_service
check "a party of two in the service" has_a_party
check "root looks after the service" is_looked_after
check "the service reads its settings again" reloads
check "the service comes back when it crashes" comes_back SEGV
check "the service comes back when it hangs, and only then" is_watched
check "an upgrade starts it again" upgrades_while_it_runs
check "purging ends the service and leaves nothing" leaves_nothing
halts
finish
