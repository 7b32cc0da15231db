# For the checks in this folder: `check NAME COMMAND...` runs a command that prints what is wrong. Nothing printed and
# status 0 is a pass. `finish` ends the script.
#
# A check looks at the tree under $ROOT and at the objects under $BUILD, so that broken.sh can show it a broken tree and
# see it fail; with $ONLY, only the check of that name runs.
set -u
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${ROOT:-$here/../..}" || exit 1
BUILD=${BUILD:-build}
number=0

check() {
    local name=$1 wrong status
    shift
    [ "${ONLY:-$name}" = "$name" ] || return 0
    wrong=$("$@" 2>&1)
    status=$?
    number=$((number + 1))
    if [ -z "$wrong" ] && [ $status -eq 0 ]; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        printf '%s\n' "$wrong" "ended with status $status" | head -n 60 | sed 's/^/# /'
    fi
}

finish() {
    echo "1..$number"
}
