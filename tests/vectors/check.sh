# The vectors are what the library says today, byte by byte, and what it says is what lib/PROTOCOL.md promises. A change of the
# wire is seen in their diff: after an intended one, `tests/vectors/check.sh --update` writes them anew. $EMULATOR runs what
# was built for another machine.
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
    ${EMULATOR:-} "$made/make_vectors" <"$calls" >"${calls%.calls}.jsonl" || echo "# $calls: ended with $?"
done
${EMULATOR:-} "$made/make_client_vectors" commands >"$made/client.jsonl" || echo "# client: ended with $?"
for jsonl in "$made"/*.jsonl; do
    name=$(basename "$jsonl" .jsonl)
    [ "${1:-}" = --update ] && cp "$made/$name.jsonl" $here
    number=$((number + 1))
    if diff "$here/$name.jsonl" "$made/$name.jsonl" >"$made/difference"; then
        echo "ok $number - $name.jsonl is what the library says"
    else
        echo "not ok $number - $name.jsonl is what the library says"
        cut -c1-1000 "$made/difference" | head -n 20 | sed 's/^/# /'
    fi
done
# Not kept: what a follower says while it follows depends on what it estimates, and that may become better.
mkdir -p "$made/now"
${EMULATOR:-} "$made/make_client_vectors" following >"$made/now/following.jsonl" || echo "ended with $?" >>"$made/now/following.jsonl"
python3 $here/reader.py --number $((number + 1)) $here/*.jsonl "$made/now/following.jsonl"
