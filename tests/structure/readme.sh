# The README's embedding example is compiled, linked and run as it stands there, and says what the README says it does.
. "$(dirname "$0")/tap.bash"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# The first block of a language after a heading or text that contains the marker.
block() { # MARKER LANGUAGE
    awk -v marker="$1" -v fence="\`\`\`$2" '
        index($0, marker) { seen = 1; next }
        seen && !inside && $0 == fence { inside = 1; next }
        inside && $0 == "```" { exit }
        inside { print }' README.md
}

embedding_compiles() {
    block "<!-- embedding -->" c >"$place/embed.c"
    [ -s "$place/embed.c" ] || echo "there is no example"
    [ "$(wc -l <"$place/embed.c")" -le 45 ] || echo "the example has grown long"
    "$1" -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror -Iinclude "$place/embed.c" \
        "$BUILD/libsyncplay.a" -lcjson -luuid -lmd -lm -o "$place/embed"
}

embedding_runs() {
    embedding_compiles gcc
    block "<!-- embedding output -->" text >"$place/expected"
    "$place/embed" >"$place/said" || echo "it ended with $?"
    # Codes and ids are random, and times are of now.
    mask() { sed -E 's/[2-9A-HJKMNP-TV-Z]{8}/CODE/g; s/[0-9a-f-]{36}/ID/g; s/[0-9]{12,}(\.[0-9]+)?/TIME/g' "$1"; }
    diff <(mask "$place/expected") <(mask "$place/said")
}

following_compiles() {
    block "<!-- following -->" c >"$place/follow.c"
    [ -s "$place/follow.c" ] || echo "there is no example"
    "$1" -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror -Iinclude -c "$place/follow.c" -o "$place/follow.o"
}

test_command_is_the_machines() {
    grep -qx 'make check' <(block "<!-- the two commands -->" sh) || echo "README.md does not say make check"
    grep -qx 'exec make check' .ci/run || echo ".ci/run does something else"
}

links_lead_somewhere() {
    grep -oE '\]\([^)#]+' README.md | sed 's/](//' | grep -vE '^https?:' | while read -r link; do
        [ -e "$link" ] || echo "README.md links to $link, which does not exist"
    done
    true
}

# What is told of the newest version first, and by the server's API, is this one.
version_is_told() {
    local version
    version=$(sed -n 's/^#define SYNCPLAY_VERSION_TEXT "\(.*\)"/\1/p' include/syncplay/version.h)
    [ "$(sed -n '/^## Changes/,$s/^\*\*\([0-9.]*[0-9]\)\.\*\*.*/\1/p' README.md | head -n 1)" = "$version" ] || echo "Changes do not begin with $version"
    grep -qx "  version: $version" server/openapi.yaml || echo "server/openapi.yaml has another version than $version"
}

# The table has each setting of the example file with the same default, and no other.
settings_are_the_same() {
    diff <(sed -n '/<!-- settings -->/,/<!-- end of settings -->/p' README.md |
        sed -nE 's/^\| `([a-z_.]+)` \| ([^|]+) \|.*/\1: \2/p') \
        <(awk '/^ +[a-z_]+:/ {
                   depth = match($0, /[a-z]/) / 2
                   sub(/^ +/, "")
                   key[int(depth)] = substr($0, 1, index($0, ":") - 1)
                   name = key[1]
                   for (i = 2; i <= int(depth); i++) name = name "." key[i]
                   if ($0 !~ /: *$/) print name substr($0, index($0, ":"))
               }' server/syncplay.example.yaml)
}

check "the embedding example compiles with gcc" embedding_compiles gcc
check "the embedding example compiles with clang" embedding_compiles clang
check "the embedding example prints what the README shows" embedding_runs
check "the following example compiles with gcc" following_compiles gcc
check "the following example compiles with clang" following_compiles clang
check "the README's test command is the one of .ci/run" test_command_is_the_machines
check "the README's settings are those of the example file" settings_are_the_same
check "the README's changes and the API have this version" version_is_told
check "links in the README lead somewhere" links_lead_somewhere
finish
