# The comments of the headers are the library's contract: everything public has one, what it says comes in one order
# (... callbacks, errors, since when), and the names in it exist.
. "$(dirname "$0")/tap.bash"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# doxygen says what has no comment; so do the pages that `make doc` makes of them.
everything_is_told() {
    make -s doc BUILD="$place" 2>&1 >/dev/null
    [ -s "$place/doc/man/man3/syncplay_hub_tick.3" ] || echo "there is no page about syncplay_hub_tick"
    ! grep "^'" "$place"/doc/man/man3/*
}

# Each comment with the declaration behind it, on one line.
contracts() {
    cat include/syncplay/*.h | sed 's/^ \* / /; s/^ \*$//' | tr '\n' ' ' | sed 's,/\*,\n/*,g' | grep -E '\*/ *SYNCPLAY_API'
}

in_one_order() {
    contracts | awk '{
        callbacks = match($0, /Callbacks/) ? RSTART : 0
        errors = match($0, /Errors( of [a-z]+)?:/) ? RSTART : 0
        since = match($0, /Since 0\.[0-9]+\. *\*\//) ? RSTART : 0
        if ((callbacks && errors && callbacks > errors) || (since && (since < callbacks || since < errors))) print
    }' | cut -c1-200
}

# Who can change something says which callbacks may run; what they are for is said at each.
callbacks_are_told() {
    contracts | grep -E 'SYNCPLAY_API int [a-z_]+\((syncplay_hub|syncplay_follower) \*' | grep -vE 'Callbacks|The same|as [a-z_]+_submit' | cut -c1-200
    true
}

# In the headers, the README and the protocol. A constant that is named once only must be the one that is defined there.
names_exist() {
    local name
    cat include/syncplay/*.h README.md lib/PROTOCOL.md | grep -oE '\bsyncplay_(hub|follower|wire|id|code|name)_[a-z_]*[a-z]\b' | sort -u |
        comm -23 - "$here/symbols.txt" | while read -r name; do
            grep -qE "\} $name;|typedef struct $name|enum $name \{" include/syncplay/*.h || echo "there is no $name"
        done
    cat include/syncplay/*.h | grep -oE '\bSYNCPLAY_[A-Z0-9_]*[A-Z0-9]\b' | sort | uniq -c | awk '$1 == 1 { print $2 }' |
        while read -r name; do
            grep -qE "(^ +|#define |X\()$name\b" include/syncplay/*.h || echo "there is no $name"
        done
}

check "everything public has a comment, and a page" everything_is_told
check "contracts are in one order" in_one_order
check "what may change something says which callbacks run" callbacks_are_told
check "functions and constants that are named exist" names_exist
finish
