# Programs that were linked with the last release run with this library: abidiff compares it with that release's ABI, which
# tests/abi keeps. Functions may be added, enumerations may go on, and structs may grow, beyond their old end.
#
# At a release (Versions in README.md), with the library built, the old dump is replaced by
#
#     abidw --exported-interfaces-only --suppressions tests/abi/libsyncplay.suppr --no-show-locs --no-corpus-path \
#         --no-comp-dir-path --no-elf-needed build/libsyncplay.so >tests/abi/libsyncplay-MAJOR.MINOR.xml
. "$(dirname "$0")/tap.bash"

dump=$(echo tests/abi/libsyncplay-*.xml)

# Prints each line of a report of abidiff that is not about growth, and growth into what was padding: there an old program has
# nothing that it knows of. syncplay_id is held by value, so it stays as it is.
not_growth() {
    awk '
        /^$/ || /changes summary:/ || /^[0-9]+ functions? with some indirect sub-type changes?:$/ { next }
        /^ *\[C\] .* has some indirect sub-type changes:$/ || /parameter [0-9]+ of type .* has sub-type changes:$/ { next }
        /^ *architecture changed/ || /reported earlier/ { next }
        /^ *in (pointed to|unqualified underlying|referenced) type/ || /^ *type of .* changed:$/ { next }
        /^ *no data member changes?( \([0-9]+ filtered\))?;$/ || /^ *[0-9]+ data member (changes?|insertions?)( \([0-9]+ filtered\))?:$/ { next }
        /underlying type .(struct|enum) [a-z_]+. changed:$/ { name = $0; size = "none"; next }
        /type size changed from [0-9]+ to/ && name !~ /syncplay_id/ { split($0, part, "from "); size = part[2] + 0; next }
        /type size hasn.t changed$/ { next }
        /^ *.[^,]*, at offset [0-9]+ / && size != "none" { split($0, part, "at offset "); if (part[2] + 0 >= size) next }
        { print }'
}

is_compatible() {
    local report status
    report=$(abidiff --suppressions tests/abi/libsyncplay.suppr --no-added-syms "$dump" "$BUILD/libsyncplay.so")
    status=$?
    [ $((status & 3)) -eq 0 ] || echo "abidiff ended with $status"
    echo "$report" | not_growth
}

# An empty dump would agree with everything.
dump_is_whole() {
    [ "$(grep -c '<elf-symbol name=' "$dump")" -ge 70 ] || echo "$dump has few of the functions"
    [ "$(wc -c <"$dump")" -lt 300000 ] || echo "$dump is large"
}

check "one dump of the ABI is kept" test -s "$dump"
check "the dump of the last release is whole" dump_is_whole
check "the library is compatible with the last release" is_compatible
finish
