# The counting of tests (../tap.awk), which everything else relies on: each way to fail is a failure.
. "$(dirname "$0")/tap.bash"

counts() { # EXPECTED STATUS TAP
    local got
    got=$(printf "$3" | awk -v status="$2" -v seconds=9 -f "$here/../tap.awk" 2>/dev/null)
    [ "$got" = "$1" ] || echo "counted '$got' instead of '$1'"
}

check "passes and failures" counts "2 1" 1 '1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c\n'
check "nothing at all is a failure" counts "0 1" 0 ''
check "an empty plan is a failure" counts "0 1" 0 '1..0\n'
check "a suite that dies after a pass has failed" counts "1 1" 139 'ok 1 - a\n'
check "fewer tests than planned is a failure" counts "1 1" 0 '1..2\nok 1 - a\n'
check "a time-out is a failure" counts "1 1" 124 '1..1\nok 1 - a\n'
check "a skipped test is a failure" counts "1 1" 0 '1..2\nok 1 - a\nok 2 - b # SKIP no browser\n'
check "a test to be done is a failure" counts "0 1" 0 '1..1\nok 1 - b # TODO\n'
check "only leaves of nested tests count" counts "2 1" 1 \
    '    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - group\nok 2 - c\n1..2\n'
check "a group that fails by itself is a failure" counts "1 1" 1 '    ok 1 - a\n    1..1\nnot ok 1 - group\n1..1\n'
check "groups in groups" counts "2 1" 1 \
    '        ok 1 - a\n        not ok 2 - b\n    not ok 1 - inner\n    ok 2 - c\nnot ok 1 - outer\n1..1\n'
check "a file without tests is a failure" counts "0 1" 0 'ok 1 - /x/y.test.mjs\n1..1\n'
check "two plans one after the other" counts "2 0" 0 '1..1\nok 1 - a\n1..1\nok 1 - b\n'
check "words that look like tests do not count" counts "1 0" 0 '1..1\n# ok 2 - no\nok then\nok 1 - a\n'
finish
