# `make install` into an empty folder, then use what is there as a stranger would: the installed headers, the installed
# library, pkg-config, and nothing else of this tree.
. "$(dirname "$0")/tap.bash"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
root=$place/root
prefix=$root/opt/party
make_quietly() { ${MAKE:-make} --no-print-directory -s BUILD="$BUILD" PREFIX=/opt/party DESTDIR="$root" "$@" >"$place/log" 2>&1 || cat "$place/log"; }

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root LD_LIBRARY_PATH=$prefix/lib

installs_these() {
    local file version
    version=$(pkg-config --modversion libsyncplay)
    for file in bin/syncplay-server lib/libsyncplay.a "lib/libsyncplay.so.$version" "lib/libsyncplay.so.${version%%.*}" \
        lib/libsyncplay.so lib/pkgconfig/libsyncplay.pc include/syncplay/syncplay.h include/syncplay/hub.h \
        share/syncplay/follower.wasm share/syncplay/follower.js share/doc/syncplay/README.md share/doc/syncplay/LICENSE share/doc/syncplay/PROTOCOL.md \
        share/doc/syncplay/openapi.yaml share/doc/syncplay/syncplay.example.yaml \
        share/doc/syncplay/nginx.conf share/doc/syncplay/Caddyfile \
        share/doc/syncplay/hls.js.LICENSE share/doc/syncplay/qrcode-generator.LICENSE \
        etc/syncplay/syncplay.yaml lib/systemd/system/syncplay-server.service lib/sysusers.d/syncplay.conf \
        share/man/man8/syncplay-server.8 share/doc/syncplay/examples/loopback.c share/doc/syncplay/examples/ws_client/client.mjs; do
        [ -s "$prefix/$file" ] || echo "$file is missing"
    done
    diff -r include/syncplay "$prefix/include/syncplay"
    grep -rlF "$PWD" "$prefix/lib/pkgconfig" "$prefix/share" | sed 's/$/ names the folder it was built in/'
    true
}

# As the first lines of each example say: cc example.c $(pkg-config --cflags --libs libsyncplay) -o example && ./example
example_builds() {
    local line
    line=$(sed -nE 's/^ \* +cc ([a-z_]+\.c .* -o [a-z_]+)( && .*)?$/cc -Wall -Wextra -Werror \1/p' "$1")
    [ -n "$line" ] || { echo "$1 does not say how it is built"; return; }
    mkdir -p "$place/alone" && cp "$1" "$place/alone" && cd "$place/alone" && eval "$line" && ls "$(basename "$1" .c)" >/dev/null
}

# One that is a folder: as its main.c says, with the libraries that are named there.
folder_builds() {
    local line
    line=$(sed -nE 's/^ \* +(cc \*\.c .*)/\1/p' "$1/main.c")
    [ -n "$line" ] || { echo "$1/main.c does not say how it is built"; return; }
    mkdir -p "$place/$1" && cp "$1"/*.[ch] "$place/$1" && cd "$place/$1" && eval "$line" && ls "${1##*/}" >/dev/null
}

example_tells_its_story() { diff <("$place/alone/loopback") tests/examples/loopback.txt; }

# The library into the program; what it stands on stays shared, because Debian has no static cJSON.
builds_statically() {
    cc examples/loopback.c $(pkg-config --cflags libsyncplay) "$prefix/lib/libsyncplay.a" \
        $(env -u PKG_CONFIG_PATH pkg-config --libs libcjson libmd uuid) -lm -o "$place/static" && "$place/static" >"$place/story" &&
        diff "$place/story" tests/examples/loopback.txt
}

works_from_cpp() {
    cat >"$place/party.cpp" <<'CPP'
#include <syncplay/syncplay.h>
#include <cstring>
int main()
{
    syncplay_hub *hub = nullptr;
    if (syncplay_hub_new(&hub, 0, nullptr, nullptr, nullptr) != SYNCPLAY_OK) return 1;
    const bool empty = syncplay_hub_count(hub) == 0 && syncplay_hub_deadline(hub) == SYNCPLAY_NEVER;
    syncplay_hub_free(hub);
    return empty && std::strcmp(syncplay_version(), SYNCPLAY_VERSION_TEXT) == 0 ? 0 : 1;
}
CPP
    "$1" -std=c++17 -Wall -Wextra -Werror "$place/party.cpp" $(pkg-config --cflags --libs libsyncplay) -o "$place/party" && "$place/party"
}

server_starts() { "$prefix/bin/syncplay-server" --version | grep -qF "$(pkg-config --modversion libsyncplay)" || echo "--version does not tell the version"; }

settings_are_left_alone() {
    local settings=$prefix/etc/syncplay/syncplay.yaml
    echo "# mine" >>"$settings"
    make_quietly install
    make_quietly uninstall
    tail -n 1 "$settings" | grep -qx "# mine" || echo "they were overwritten or removed"
    rm "$settings"
    make_quietly install
}

# All of ours go, and nothing of others.
uninstalls() {
    touch "$prefix/include/syncplay/somebody_elses.h" "$prefix/lib/libother.so"
    make_quietly uninstall
    find "$root" \( -type f -o -type l \) ! -name somebody_elses.h ! -name libother.so | sed 's/$/ was left behind/'
    [ -e "$prefix/include/syncplay/somebody_elses.h" ] && [ -e "$prefix/lib/libother.so" ] || echo "too much was removed"
    [ ! -e "$prefix/share/doc/syncplay" ] && [ ! -e "$prefix/etc/syncplay" ] || echo "an empty folder was left behind"
}

installing=$(make_quietly install)
check "make install" printf '%s' "$installing"
check "what has to be there is there, as it is here" installs_these
for example in examples/*.c; do
    check "$example builds as it says itself" example_builds "$example"
done
for example in examples/*/main.c; do
    check "${example%/*} builds as it says itself" folder_builds "${example%/*}"
done
check "the loopback example tells its story with the shared library" example_tells_its_story
check "the static library links, and tells the same" builds_statically
check "a C++ program links with g++" works_from_cpp g++
check "a C++ program links with clang++" works_from_cpp clang++
check "the installed server tells the version of the library" server_starts
check "settings that somebody has changed stay as they are" settings_are_left_alone
check "make uninstall removes what install has put there and nothing else" uninstalls
finish
