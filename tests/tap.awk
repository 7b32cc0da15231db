# Counts the tests in TAP: prints "passed failed" on standard output, and each failure's name on standard error.
# Given: `status`, with which the suite ended, and `seconds`, after which it was killed.
#
# Only leaves count. In nested TAP (Node's) the subtests are indented by four and stand before the line of their parent;
# a parent that failed although all of its children passed (a hook, say) is a failure of its own.

function failure(why)
{
    failed++
    print why > "/dev/stderr"
}

/^[ \t]*1\.\.[0-9]+/ {
    match($0, /^[ \t]*/)
    if (RLENGTH == 0 || substr($0, 1, 1) == "\t") {
        sub(/^[ \t]*1\.\./, "")
        planned += $0 + 0
        has_plan = 1
    }
}

/^ *(not )?ok [0-9]+/ {
    match($0, /^ */)
    depth = int(RLENGTH / 4)
    is_ok = $1 == "ok"
    if (depth == 0)
        top++
    if (children[depth + 1] > 0) {
        if (!is_ok && failures[depth + 1] == 0)
            failure($0)
    } else if (!is_ok) {
        failure($0)
    } else if ($0 ~ /# *(SKIP|TODO)/) {
        failure($0 " (a skipped test proves nothing)")
    } else if ($0 ~ /\.test\.mjs$/) {
        failure($0 " (there is no test in this file)")
    } else {
        passed++
    }
    children[depth]++
    failures[depth] += !is_ok
    for (deeper = depth + 1; deeper in children; deeper++) {
        delete children[deeper]
        delete failures[deeper]
    }
}

END {
    if (passed + failed == 0)
        failure("there is no test in its output; it ended with status " status)
    else if (has_plan && planned != top)
        failure("it planned " planned " tests and told of " top)
    else if (status == 124 || status == 137)
        failure("it was killed after " seconds " seconds")
    else if (status != 0 && failed == 0)
        failure("it ended with status " status)
    print passed + 0, failed + 0
}
