# Each check of this folder is shown a copy of the tree that is broken in the way that it is there for, and must fail.
. "$(dirname "$0")/tap.bash"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# The tree as it is, and what was built of it: of that the objects, which are many and never written into, as links.
mkdir -p "$place/whole/build" "$place/objects"
cp -a .ci Makefile LICENSE README.md include lib server examples pkgconfig "$place/whole"
mkdir "$place/whole/tests" && cp -a tests/structure tests/examples tests/abi "$place/whole/tests"
for part in page libsyncplay.a libsyncplay.so* libsyncplay.pc syncplay-server; do
    cp -a "$BUILD/"$part "$place/whole/build"
done
cp -a "$BUILD/lib" "$BUILD/server" "$place/objects"

# broken SCRIPT CHECK COMMANDS: the commands break the copy.
notices() {
    rm -rf "$place/copy"
    cp -a "$place/whole" "$place/copy"
    cp -al "$place/objects/lib" "$place/objects/server" "$place/copy/build"
    (cd "$place/copy" && eval "$3") || echo "it could not be broken"
    ROOT=$place/copy BUILD=build ONLY=$2 bash "$here/$1" >"$place/said"
    grep -qE "^not ok [0-9]+ - " "$place/said" || { echo "it was not noticed:"; cat "$place/said"; }
}
broken() { check "broken: $2 ($3)" notices "$@"; }

object() { cc -x c -fPIC -c - -o "build/lib/$1.o"; } # replaces or adds an object of the library
shared() { cc -shared -Wl,-soname,"${1:-libsyncplay.so.0}" build/lib/*.o -lcjson -luuid -lmd -lm -o build/libsyncplay.so; }

broken headers.sh "each header compiles alone as C11 with gcc" 'sed -i "/include <stdint.h>/d" include/syncplay/id.h'
broken headers.sh "each header compiles alone as C11 with clang" 'sed -i "/include <stdint.h>/d" include/syncplay/id.h'
broken headers.sh "each header compiles alone as C++17 with g++" 'echo "int f(int *restrict p);" >>include/syncplay/id.h'
broken headers.sh "each header compiles alone as C++17 with clang++" 'echo "int f(int class);" >>include/syncplay/id.h'
broken headers.sh "headers include nothing but three C headers and each other" 'echo "#include <cjson/cJSON.h>" >>include/syncplay/hub.h'
broken headers.sh "syncplay.h brings all headers" 'sed -i "/syncplay\/code.h/d" include/syncplay/syncplay.h include/syncplay/session.h'

broken symbols.sh "the headers declare what symbols.txt lists" 'echo "SYNCPLAY_API int syncplay_more(int a,  int b);" >>include/syncplay/hub.h'
broken symbols.sh "the shared library exports what symbols.txt lists" 'echo "int syncplay_more; " | object more && shared'
broken symbols.sh "the shared library exports what symbols.txt lists" 'rm build/lib/version.o && shared'
broken symbols.sh "the static library shows what symbols.txt lists" 'ar rcs build/libsyncplay.a build/lib/memory.o'
broken symbols.sh "all that is exported begins with syncplay_" 'echo "void leaked(void) {}" | object more && shared'
broken symbols.sh "the soname carries the major version" 'shared libsyncplay.so.7'

broken abi.sh "one dump of the ABI is kept" 'rm tests/abi/*.xml'
broken abi.sh "the dump of the last release is whole" 'sed -i "/<elf-symbol /d" tests/abi/*.xml'
broken abi.sh "the library is compatible with the last release" 'rm build/lib/code.o && shared'
broken abi.sh "the library is compatible with the last release" "sed -i \"/layout-offset-in-bits='2112'/d\" tests/abi/*.xml" # into padding
broken abi.sh "the library is compatible with the last release" "sed -i \"s/name='SYNCPLAY_EVENT_ENDED' value='2'/name='SYNCPLAY_EVENT_ENDED' value='3'/\" tests/abi/*.xml"

broken contracts.sh "everything public has a comment, and a page" 'sed -i "s,/\* when it happened \*/,," include/syncplay/event.h'
broken contracts.sh "everything public has a comment, and a page" 'sed -i "/^\/\* Whether two ids/d" include/syncplay/id.h'
broken contracts.sh "contracts are in one order" 'sed -i "s/ Callbacks: none. Errors: SYNCPLAY_ERROR_EXISTS./ Errors: SYNCPLAY_ERROR_EXISTS. Callbacks: none./" include/syncplay/hub.h'
broken contracts.sh "what may change something says which callbacks run" 'sed -i "s/ Callbacks: none. Errors: SYNCPLAY_ERROR_EXISTS./ Errors: SYNCPLAY_ERROR_EXISTS./" include/syncplay/hub.h'
broken contracts.sh "functions and constants that are named exist" 'sed -i "s/see syncplay_code_shard/see syncplay_code_shards/" include/syncplay/hub.h'
broken contracts.sh "functions and constants that are named exist" 'sed -i "s/SYNCPLAY_ERROR_SNAPSHOT,/SYNCPLAY_ERROR_SNAP,/" include/syncplay/hub.h'

broken layers.sh "every file of the library was built" 'echo "int x;" >lib/forgotten.c'
broken layers.sh "the library asks the world for nothing but what world.txt lists" 'echo "long time(long *); long f(void) { return time(0); }" | object more'
broken layers.sh "the library asks the world for nothing but what world.txt lists" 'echo "int puts(const char *); int f(void) { return puts(\"\"); }" | object more'
broken layers.sh "the library asks the world for nothing but what world.txt lists" 'echo "void free(void *); void f(void *p) { free(p); }" | object more'
broken layers.sh "the pure floor has no memory, no JSON, no callbacks" 'echo "void *memory_new(void *); void *f(void *p) { return memory_new(p); }" | object barrier'
broken layers.sh "the pure floor has no memory, no JSON, no callbacks" 'echo "int f(int (*callback)(int));" >>lib/timeline.h'
broken layers.sh "the library has no global variables" 'echo "static int calls; int f(void) { return ++calls; }" | object more'
broken layers.sh "lib: cJSON is seen by json_reader.c alone" 'echo "#include <cjson/cJSON.h>" >>lib/access.c'
broken layers.sh "lib: libuuid is seen by entropy.c alone" 'echo "#include <uuid/uuid.h>" >>lib/id.c'
broken layers.sh "lib: libmd is seen by token.c alone" 'echo "#include <sha2.h>" >>lib/id.c'
broken layers.sh "lib: includes come from lib/ or the system" 'echo "#include \"../server/log.h\"" >>lib/access.c'
broken layers.sh "server: includes come from server/ or the system" 'echo "#include \"../lib/memory.h\"" >>server/log.c'
broken layers.sh "server and examples see nothing of lib/" 'echo "#include <../lib/memory.h>" >>server/log.c'
broken layers.sh "examples include public headers only" 'echo "#include \"memory.h\"" >>examples/loopback.c'
broken layers.sh "examples include public headers only" 'echo "#include \"../../lib/memory.h\"" >>examples/mpv_follower/talk.c'
broken layers.sh "server: cJSON is seen by json.c alone" 'echo "#include <cjson/cJSON.h>" >>server/log.c'
broken layers.sh "server: civetweb is seen by http.c, http_client.c, http_exchange.c, http_socket.c and handover*.c alone" 'echo "#include <civetweb.h>" >>server/log.h'
broken layers.sh "server: SQLite is seen by the store's rows alone" 'echo "#include <sqlite3.h>" >>server/log.c'
broken layers.sh "server: SQLite is seen by the store's rows alone" 'echo "#include <sqlite3.h>" >>server/store.h'
broken layers.sh "server: libyaml is seen by config_file.c alone" 'echo "#include <yaml.h>" >>server/config.c'
broken layers.sh "server: wslay is seen by connection.c alone" 'echo "#include <wslay/wslay.h>" >>server/log.c'
broken layers.sh "server: OpenSSL is seen by users.c, account.c, jwt_key.c, tls_context.c, tls_pipe.c and webhook_signature.c alone" 'echo "#include <openssl/sha.h>" >>server/log.c'
broken layers.sh "server: libcurl is seen by webhook_sender.c and webhook_url.c alone" 'echo "#include <curl/curl.h>" >>server/webhooks.c'
broken layers.sh "server: libuuid is seen by webhooks.c alone" 'echo "#include <uuid/uuid.h>" >>server/users.c'
broken layers.sh "server: libsystemd is seen by service_manager.c alone" 'echo "#include <systemd/sd-daemon.h>" >>server/main.c'
broken layers.sh "server: libjwt is seen by jwt_verify.c alone" 'echo "#include <jwt.h>" >>server/auth.c'
broken layers.sh "server: HTTP side and store do not know each other" 'echo "#include \"store.h\"" >>server/http.h'
broken layers.sh "no call that cannot be bounded" 'echo "    strcpy(a, b);" >>server/log.c'
broken layers.sh "the page makes no HTML from strings" 'echo "node.innerHTML = name;" >>server/page/main.js'
broken layers.sh "the server takes in every file of the page" 'touch server/page/more.js'
broken layers.sh "nothing is left to do" 'echo "/* TO""DO */" >>lib/access.c'

broken readme.sh "the embedding example compiles with gcc" 'sed -i "s/syncplay_hub_free(hub);/syncplay_hub_destroy(hub);/" README.md'
broken readme.sh "the embedding example compiles with clang" 'sed -i "s/    int64_t now = 0;/    int now;/" README.md'
broken readme.sh "the embedding example prints what the README shows" 'sed -i "s/syncplay_hub_connect(hub, now, 1/syncplay_hub_connect(hub, now, 2/" README.md'
broken readme.sh "the following example compiles with gcc" 'sed -i "s/syncplay_follower_acted(/syncplay_follower_done(/" README.md'
broken readme.sh "the following example compiles with clang" 'sed -i "/<!-- following -->/d" README.md'
broken readme.sh "the README's test command is the one of .ci/run" 'sed -i "s/make check/make test/" .ci/run'
broken readme.sh "the README's settings are those of the example file" 'sed -i "s/| 90s |/| 60s |/" README.md'
broken readme.sh "the README's changes and the API have this version" 'sed -i "s/VERSION_TEXT \"0/VERSION_TEXT \"1/" include/syncplay/version.h'
broken readme.sh "links in the README lead somewhere" 'echo "[more](lib/MORE.md)" >>README.md'

broken examples.sh "every public function is used in an example" 'sed -i "s/syncplay_hub_unix(/sizeof(/" examples/*.c'
broken examples.sh "the README lists every example" 'touch examples/another.c'

broken install.sh "make install" 'rm LICENSE'
broken install.sh "examples/loopback.c builds as it says itself" 'sed -i "s/^Cflags:.*/Cflags:/" pkgconfig/libsyncplay.pc.in'
broken service.sh "systemd understands the unit" 'sed -i "s/^PrivateTmp=/PrivateTmps=/" server/syncplay-server.service'
broken service.sh "its exposure is below 1.5" 'sed -i "/^ProtectHome=/d; /^NoNewPrivileges=/d" server/syncplay-server.service'
broken service.sh "the service's settings are right" 'echo "  listening: 8080" >>server/syncplay.yaml'
broken service.sh "the database lies where the service may write" 'sed -i "/^StateDirectory=/d" server/syncplay-server.service'
broken service.sh "the user of the service is the one that is made" 'sed -i "s/^User=.*/User=party/" server/syncplay-server.service'
broken page.sh "the film is moved in one place" 'echo "film.currentTime = 5;" >>server/page/view_player.js'
broken page.sh "the film is moved in one place" 'sed -i "s/^    setApart(isApart) {/&\n        this.element.playbackRate *= 1.1;/" server/page/player.js'
broken page.sh "the film is moved in one place" 'echo "\$(\"film\").muted || film.pause();" >>server/page/visit.js'
broken page.sh "the page reckons with time in timers alone" 'echo "const late = performance.now() - at;" >>server/page/player.js'
broken page.sh "the page reckons with time in timers alone" 'echo "const ahead = at - performance.now();" >>server/page/view_player.js'
broken page.sh "the server's clock is known by the follower alone" 'echo "const offset = message.server_timestamp;" >>server/page/socket.js'
broken page.sh "player and party reckon nothing" 'echo "const drift = Math.abs(1);" >>server/page/player.js'
broken page.sh "colours are in theme.css alone" 'echo ".chat { color: #fff; }" >>server/page/chat.css'
broken page.sh "colours are in theme.css alone" 'echo ".chat { background: rgb(0 0 0 / 0.5); }" >>server/page/chat.css'
broken page.sh "follower.wasm is small" 'head -c 40000 /dev/zero >>build/page/follower.wasm'
broken page.sh "follower.wasm asks for nothing" 'printf "\0asm\1\0\0\0\1\4\1\140\0\0\2\7\1\1a\1b\0\0" >build/page/follower.wasm'

broken install.sh "examples/mpv_follower builds as it says itself" 'sed -i "s/ libcurl libcjson)/ libcjson)/" examples/mpv_follower/main.c'
finish
