# The vectors are what the library says today, byte by byte, and what it says is what lib/PROTOCOL.md promises. A change of the
# wire is seen in their diff: after an intended one, `tests/vectors/check.sh --update` writes them anew.
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
BUILD=${BUILD:-build}
here=tests/vectors
made=$BUILD/$here
number=0

mkdir -p "$made"
cp $here/*.calls "$made"
python3 $here/reader.py --calls >"$made/messages.calls"
for calls in "$made"/*.calls; do
    name=$(basename "$calls" .calls)
    "$made/make_vectors" <"$calls" >"$made/$name.jsonl" || echo "# $name: ended with $?"
    [ "${1:-}" = --update ] && cp "$made/$name.jsonl" $here
    number=$((number + 1))
    if diff "$here/$name.jsonl" "$made/$name.jsonl" >"$made/difference"; then
        echo "ok $number - $name.jsonl is what the library says"
    else
        echo "not ok $number - $name.jsonl is what the library says"
        cut -c1-1000 "$made/difference" | head -n 20 | sed 's/^/# /'
    fi
done
python3 $here/reader.py --number $((number + 1)) $here/*.jsonl
