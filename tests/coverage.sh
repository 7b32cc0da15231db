#!/bin/bash
# coverage.sh BUILD: runs what tests the library, in a build that counts, and prints by file which lines and branches were
# taken; those that were not are in BUILD/coverage.html. The branches of assertions do not count: nobody may take them.
set -eu
build=$1
find "$build" -name '*.gcda' -delete
for test in $(grep -L '^// needs:.*server/' tests/unit/test_*.c); do
    "$build/${test%.c}" >/dev/null 2>&1 || echo "$test fails"
done
"$build/tests/trace/run_traces" tests/trace/*.trace >/dev/null || echo "a trace fails"
"$build/tests/trace/run_traces" --oom tests/trace/*.trace >/dev/null || echo "a trace fails without memory"
"$build/tests/sim/follow_sim" --quick >/dev/null || echo "the simulation fails"

gcovr --root . --filter 'lib/' --exclude-lines-by-pattern '.*\bassert\(.*' --object-directory "$build/lib" \
    --csv "$build/coverage.csv" --html-details "$build/coverage.html" "$build/lib" "$build/tests/unit"
awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; printf "%-28s %14s %8s %14s\n", "file", "lines", "branches", ""; next }
    { lines = $at["line_total"]; branches = $at["branch_total"]; tell($at["filename"], $at["line_covered"], lines, $at["branch_covered"], branches)
      a += $at["line_covered"]; b += lines; c += $at["branch_covered"]; d += branches }
    function share(part, all) { return all ? sprintf("%6.1f %%", 100 * part / all) : "     - " }
    function tell(name, l, ll, b, bb) { printf "%-28s %5d of %5d %s %5d of %5d %s\n", name, l, ll, share(l, ll), b, bb, share(b, bb) }
    END { tell("together", a, b, c, d) }' "$build/coverage.csv"
