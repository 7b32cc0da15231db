# The page has no second follower: what keeps the film in step is the library's code, and the page carries it out.
. "$(dirname "$0")/tap.bash"

WASM_MOST=32768

# The lines of a file outside of one of its methods.
outside() { # FILE METHOD
    awk -v file="$1" -v method="$2" '
        index($0, "    " method "(") == 1 {inside = 1}
        !inside {print file ":" FNR ":" $0}
        /^    }/ {inside = 0}' "$1"
}

film_is_moved_in_one_place() {
    local file
    for file in server/page/*.js; do
        [ "$file" = server/page/poster.js ] || outside "$file" carryOut # its video is seen by nobody
    done | grep -E '\.(playbackRate|currentTime|preservesPitch|defaultPlaybackRate) *[-+*/]?=[^=]|(element|film)\.(play|pause|fastSeek)\('
    true
}

# Timers, silences and sleep are about this page's own time; all else is the follower's.
own_time_is_reckoned_by_few() {
    grep -nE 'performance\.now\(\) *[-+*/<>]|[-+*/<>] *performance\.now\(\)' server/page/*.js |
        grep -vE '^server/page/(alarm|sleep|socket|view_composer)\.js:'
    true
}

server_clock_is_the_followers() {
    grep -nE 'server_timestamp|client_timestamp|held_ms|round_?trip' -i server/page/*.js | grep -vE '^server/page/(follower|view_people|messages_\w+)\.js:' # the latter show what the server tells
    true
}

nothing_is_reckoned() {
    grep -nE 'Math\.|setTimeout|setInterval|Date\.' server/page/player.js server/page/party.js
    true
}

colours_are_the_themes() {
    grep -nE ':[^;{]*(#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?|lab|lch|oklab|oklch)\()' server/page/*.css | grep -v '^server/page/theme\.css:'
    true
}

wasm_is_small() {
    local size
    size=$(stat -c %s "$BUILD/page/follower.wasm") && [ "$size" -lt $WASM_MOST ] || echo "follower.wasm has $size bytes"
}

wasm_asks_for_nothing() {
    node -e '
        const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
        for (const { module: from, name } of WebAssembly.Module.imports(module)) console.log(`asks for ${from}.${name}`);
    ' "$BUILD/page/follower.wasm"
}

# An empty file stands in for what could not be fetched.
others_work_is_there() {
    node --input-type=module -e '
        import { readFileSync } from "node:fs";
        globalThis.self ??= globalThis;
        for (const [name, what] of [["hls.js", "default"], ["qrcode.js", "qrcode"]]) {
            const source = readFileSync(`${process.argv[1]}/${name}`, "base64");
            const module = await import(`data:text/javascript;base64,${source}`);
            if (typeof module[what] !== "function") console.log(`${name} has no ${what}`);
        }
    ' "${VENDOR:-build/vendor}"
}

check "the film is moved in one place" film_is_moved_in_one_place
check "the page reckons with time in timers alone" own_time_is_reckoned_by_few
check "the server's clock is known by the follower alone" server_clock_is_the_followers
check "player and party reckon nothing" nothing_is_reckoned
check "colours are in theme.css alone" colours_are_the_themes
check "follower.wasm is small" wasm_is_small
check "follower.wasm asks for nothing" wasm_asks_for_nothing
check "what the page is given of others' work is there" others_work_is_there
finish
