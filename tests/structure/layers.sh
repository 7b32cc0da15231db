# Who may see what. The lists stand here and in world.txt; a new entry is a decision, not a repair.
. "$(dirname "$0")/tap.bash"

# --- the library -----------------------------------------------------------------------------------------------------

# Values in, values out: no memory, no JSON, no callbacks.
PURE="access advice barrier clock_sync code corridor drift due error follow id latency observe profile report text timeline
      token_bucket version"

lib_sources() { ls lib/*.[ch] 2>/dev/null; }

# What an object needs that the library does not have itself must be in world.txt, by file or for all (*).
asks_of_the_world() {
    local object file own symbol
    own=$(nm --defined-only "$BUILD"/lib/*.o | awk 'NF == 3 {print $3}' | sort -u)
    for object in "$BUILD"/lib/*.o; do
        file=$(basename "$object" .o)
        nm -u "$object" | awk '{print $2}' | sort -u | grep -vxF "$own" | while read -r symbol; do
            grep -qE "^(\*|$file) $symbol$" "$here/world.txt" || echo "lib/$file.c asks for $symbol"
        done
    done
}

every_object_is_there() {
    local source
    for source in lib/*.c; do
        [ -e "$BUILD/${source%.c}.o" ] || echo "$source was not built, so it was not looked at"
    done
}

pure_floor_is_pure() {
    local file symbol pure_symbols
    pure_symbols=$(for file in $PURE; do nm --defined-only "$BUILD/lib/$file.o" | awk 'NF == 3 {print $3}'; done | sort -u)
    for file in $PURE; do
        nm -u "$BUILD/lib/$file.o" | awk '{print $2}' | grep -vxF "$pure_symbols" | while read -r symbol; do
            grep -qxF "* $symbol" "$here/world.txt" || echo "lib/$file.c asks for $symbol"
        done
        grep -nE '\(\*[a-z_]*\)\(' "lib/$file.c" "lib/$file.h" 2>/dev/null | sed 's/$/   <- a callback/'
    done
    true
}

# Variables that can change are state behind the caller's back.
no_globals() {
    local object
    for object in "$BUILD"/lib/*.o; do
        objdump -t "$object" | awk -v file="$(basename "$object" .o)" '
            $3 == "O" && $4 ~ /^\.(data|bss)/ && $4 !~ /^\.data\.rel\.ro/ {print "lib/" file ".c has the variable " $NF}'
    done
}

only_sees() { # HEADER PATTERN FILES...: of lib/ or server/, only these may include a header that matches
    local folder=$1 pattern=$2 allowed
    shift 2
    allowed=$(printf '%s\n' "$@")
    grep -lE "^ *# *include *[<\"]($pattern)" "$folder"/*.[ch] 2>/dev/null | sed "s|^$folder/||" | grep -vxE "$allowed" |
        sed "s|^|$folder/|; s|$| includes what only $* may see|"
    true
}

library_includes_its_own() {
    grep -nE '^ *# *include *"' $(lib_sources) | while IFS=: read -r file line text; do
        text=${text#*\"}
        text=${text%\"*}
        [[ $text != */* && -e lib/$text ]] || echo "$file:$line includes $text, which is not in lib/"
    done
    true
}

# --- the server and the examples -------------------------------------------------------------------------------------

server_includes_its_own() {
    grep -nE '^ *# *include *"' server/*.[ch] | while IFS=: read -r file line text; do
        text=${text#*\"}
        text=${text%\"*}
        [[ $text != */* && -e server/$text ]] || echo "$file:$line includes $text, which is not in server/"
    done
    true
}

# Where the compiler really found them: no path into lib/.
server_sees_no_library_inside() {
    local source
    for source in server/*.c examples/*.c examples/*/*.c; do
        cc -std=c11 -D_GNU_SOURCE -Iinclude -Iserver -MM "$source" | tr -d '\\' | tr ' ' '\n' | grep -E '(^|\.\./)lib/' | sed "s|^|$source sees |"
    done
    true
}

# An example that is a folder has headers of its own, and no others.
examples_include_public_headers() {
    grep -nE '^ *# *include *"' -r examples | while IFS=: read -r file line text; do
        text=${text#*\"}
        text=${text%%\"*}
        [[ $file == examples/*/* && $text != */* && -e ${file%/*}/$text ]] || echo "$file:$line includes $text"
    done
    true
}

http_and_store_are_strangers() {
    grep -nE '^ *# *include *"(store|party|shard)[a-z_]*\.h"' server/http*.[ch]
    grep -nE '^ *# *include *"(http|api|loop|connection)[a-z_]*\.h"' server/store*.[ch]
    true
}

# --- everywhere ------------------------------------------------------------------------------------------------------

unbounded_calls() {
    grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|mg_handle_form_request)\(' lib/*.c server/*.c examples/*.c examples/*/*.c
    true
}

html_from_strings() {
    grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function' server/page/*.js server/page/*.html
    true
}

page_is_whole() {
    local file
    for file in server/page/*.html server/page/*.css server/page/*.js; do
        grep -qF "\"${file##*/}\"" server/page.c || echo "page.c does not take in $file"
    done
}

nothing_left_to_do() {
    grep -rnwE 'TODO|FIXME|XXX|HACK' lib include server examples Makefile README.md
    true
}

check "every file of the library was built" every_object_is_there
check "the library asks the world for nothing but what world.txt lists" asks_of_the_world
check "the pure floor has no memory, no JSON, no callbacks" pure_floor_is_pure
check "the library has no global variables" no_globals
check "lib: cJSON is seen by json_reader.c alone" only_sees lib 'cjson|cJSON' 'json_reader\.c'
check "lib: libuuid is seen by entropy.c alone" only_sees lib 'uuid' 'entropy\.c'
check "lib: libmd is seen by token.c alone" only_sees lib 'sha|md[245]' 'token\.c'
check "lib: includes come from lib/ or the system" library_includes_its_own
check "server: includes come from server/ or the system" server_includes_its_own
check "server and examples see nothing of lib/" server_sees_no_library_inside
check "examples include public headers only" examples_include_public_headers
check "server: cJSON is seen by json.c alone" only_sees server 'cjson|cJSON' 'json\.c'
check "server: civetweb is seen by http.c, http_client.c, http_exchange.c, http_socket.c and handover*.c alone" only_sees server 'civetweb' 'http\.c' 'http_client\.c' 'http_exchange\.c' 'http_socket\.c' 'handover\.c' 'handover_test\.c'
check "server: SQLite is seen by the store's rows alone" only_sees server 'sqlite3' 'store_rows\.c' 'store_schema\.[ch]' 'store_statement\.[ch]' 'store_friends\.[ch]' 'store_backup\.c' 'store_look\.c'
check "server: libyaml is seen by config_file.c alone" only_sees server 'yaml' 'config_file\.c'
check "server: wslay is seen by connection.c alone" only_sees server 'wslay' 'connection\.c'
check "server: OpenSSL is seen by users.c, account.c, jwt_key.c, tls_context.c, tls_pipe.c and webhook_signature.c alone" only_sees server 'openssl' 'users\.c' 'account\.c' 'jwt_key\.c' 'tls_context\.c' 'tls_pipe\.c' 'webhook_signature\.c'
check "server: libcurl is seen by webhook_sender.c and webhook_url.c alone" only_sees server 'curl/.*' 'webhook_sender\.c' 'webhook_url\.c'
check "server: libuuid is seen by webhooks.c alone" only_sees server 'uuid/.*' 'webhooks\.c'
check "server: libsystemd is seen by service_manager.c alone" only_sees server 'systemd/.*' 'service_manager\.c'
check "server: libjwt is seen by jwt_verify.c alone" only_sees server 'jwt\.h' 'jwt_verify\.c'
check "server: HTTP side and store do not know each other" http_and_store_are_strangers
check "no call that cannot be bounded" unbounded_calls
check "the page makes no HTML from strings" html_from_strings
check "the server takes in every file of the page" page_is_whole
check "nothing is left to do" nothing_left_to_do
finish
