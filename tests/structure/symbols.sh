# What the shared library exports is what the headers declare and what symbols.txt lists: a change of the ABI shows up in
# a diff of that file. After an intended change: nm -D --defined-only build/libsyncplay.so | awk '{print $3}' | sort
. "$(dirname "$0")/tap.bash"

list=$here/symbols.txt

declared() {
    # A declaration may go over several lines; the name is what stands before the first parenthesis.
    cat include/syncplay/*.h | grep -v '^#define' | tr '\n' ' ' | grep -oE 'SYNCPLAY_API [a-zA-Z_][^;(]*\(' |
        sed -E 's/.*[ *]([a-z_0-9]+)\($/\1/' | sort -u
}

exported() {
    nm -D --defined-only "$BUILD/libsyncplay.so" | awk '{print $3}' | sort -u
}

declared_is_listed() { diff <(declared) "$list" | sed -n 's/^</declared, not listed:/p; s/^>/listed, not declared:/p'; }
exported_is_listed() { diff <(exported) "$list" | sed -n 's/^</exported, not listed:/p; s/^>/listed, not exported:/p'; }
static_is_listed() {
    diff <(nm -g --defined-only "$BUILD/libsyncplay.a" | awk 'NF == 3 {print $3}' | sort -u) "$list" |
        sed -n 's/^</shown, not listed:/p; s/^>/listed, not shown:/p'
}
all_have_the_prefix() { exported | grep -v '^syncplay_'; true; }
soname() {
    local version
    version=$(sed -n 's/^#define SYNCPLAY_VERSION_MAJOR \([0-9]*\)/\1/p' include/syncplay/version.h)
    readelf -d "$BUILD/libsyncplay.so" | grep -q "SONAME.*\[libsyncplay\.so\.$version\]" || echo "the soname is not libsyncplay.so.$version"
}

check "the headers declare what symbols.txt lists" declared_is_listed
check "the shared library exports what symbols.txt lists" exported_is_listed
check "the static library shows what symbols.txt lists" static_is_listed
check "all that is exported begins with syncplay_" all_have_the_prefix
check "the soname carries the major version" soname
finish
