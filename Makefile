# libsyncplay, syncplay-server, the examples and the tests.
#
#     make run        installs what is missing, builds, serves on http://127.0.0.1:8080  [LISTEN=0.0.0.0:8080] [MEDIA=/srv/films]
#     make check      builds everything with gcc and clang and runs every test; last line: "N passed, N failed"
#     make            library, server and examples
#     make install    [PREFIX=/usr/local] [DESTDIR=]; `make uninstall` removes the same files
#     make deb        Debian packages, into build/deb; `make deb-check` installs, upgrades and removes them in a fresh Debian
#     make doc        the reference of the library from its headers, as HTML and man pages, into build/doc; `make install-doc`
#     make bench      measures the library and the server
#     make size       how large the library is, compiled for size
#     make sim        how well clocks and whole parties keep in step, in modelled worlds; `make sim-long` looks for the worst
#     make measure    measures real players in step: Chromium and mpv, half an hour; into build/measure/
#     make lint       cppcheck, gcc's analyzer and clang-tidy over all C but the tests
#     make fuzz       feeds the library and the server's readers with what a fuzzer makes up  [FUZZ_SECONDS=60] [TARGET=wire]
#     make soak       a day of evenings in fast motion, with restarts: whether the server holds more after it than before
#     make siege      the server killed, attacked and stormed, over and over; prints what came of it
#     make elsewhere  the library with musl, for i386, s390x (big-endian), arm64 and Windows, and its tests there
#     make oom        lets every allocation of the library fail, along all traces
#     make coverage   which lines and branches of the library its tests reach, by file
#     make mutate     breaks the library in a copy, place by place, and sees whether a test notices  [MUTATIONS=40] [SEED=1]
#     make gallery    pictures of the page at three widths, dark and light; into build/gallery/
#     make clean
#
# Whatever is built lies in $(BUILD), which mirrors the source tree. A variant is the same build in another folder
# with other flags, as in `make BUILD=build/asan CFLAGS="-O1 -g -fsanitize=address,undefined" server`.

BUILD ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
UNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS ?=

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all lib server examples run check check-build test-programs bench-programs bench size sim sim-long measure soak siege oom gallery node-modules \
        clang asan tsan install uninstall doc install-doc deb deb-check deps-build deps-check clean

all: lib server examples

# --- What has to be installed (Debian 12) -----------------------------------------------------------------------

BUILD_PACKAGES := gcc libc6-dev pkg-config libcivetweb-dev libwslay-dev libcjson-dev libsqlite3-dev uuid-dev \
                  libyaml-dev libssl-dev libmd-dev libjwt-dev libsystemd-dev libcurl4-openssl-dev clang lld curl ca-certificates
EXAMPLE_PACKAGES := libuv1-dev
CHECK_PACKAGES := g++ libclang-rt-14-dev libcmocka-dev cppcheck binutils chromium ffmpeg openssl mpv systemd sqlite3 nginx caddy \
                  abigail-tools doxygen python3 golang-go rustc fonts-noto-color-emoji $(EXAMPLE_PACKAGES)
MEASURE_PACKAGES := chromium ffmpeg mpv
ELSEWHERE_PACKAGES := dpkg-dev python3 musl-tools qemu-user gcc-i686-linux-gnu libc6-dev-i386-cross gcc-s390x-linux-gnu \
                      libc6-dev-s390x-cross gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-mingw-w64-x86-64-posix wine64
COVERAGE_PACKAGES := libcmocka-dev gcovr

# Installs those of the packages that are missing; if none is, it neither asks for root nor for the network.
# Node.js counts by its commands, because it often comes from elsewhere than Debian, with npm inside.
define install_missing
@missing=; \
for package in $(1); do \
    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q ' installed$$' || missing="$$missing $$package"; \
done; \
for command in $(2); do \
    command -v $$command >/dev/null || case $$command in node) missing="$$missing nodejs";; *) missing="$$missing $$command";; esac; \
done; \
test -n "$$missing" || exit 0; \
if ! command -v apt-get >/dev/null; then echo "This is not Debian. Needed here, by their Debian names:$$missing"; exit 0; fi; \
echo "Installing:$$missing"; \
if test "$$(id -u)" = 0; then as_root="env"; \
elif command -v sudo >/dev/null; then as_root="sudo env"; \
else echo "That needs root, and there is no sudo. As root: apt-get install$$missing"; exit 1; fi; \
apt() { $$as_root DEBIAN_FRONTEND=noninteractive apt-get -q "$$@" </dev/null; }; \
if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then \
    apt install -y --no-install-recommends $$missing && exit 0; \
    echo "That failed; the package lists may be old."; \
fi; \
apt update && apt install -y --no-install-recommends $$missing
endef

deps-build:
	$(call install_missing,$(BUILD_PACKAGES),)

deps-check:
	$(call install_missing,$(BUILD_PACKAGES) $(CHECK_PACKAGES),node npm)

# --- How C is compiled -------------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
COMPILE = $(CC) -std=c11 $(WARNINGS) $(CFLAGS) -MMD -MP

# The one place where the version is written down.
VERSION := $(shell sed -n 's/^\#define SYNCPLAY_VERSION_TEXT "\(.*\)"/\1/p' include/syncplay/version.h)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))

# --- The library -------------------------------------------------------------------------------------------------

LIB_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*.c))
LIB_LINKS := -lcjson -luuid -lmd -lm
OBJCOPY ?= objcopy
SONAME := libsyncplay.so.$(SOVERSION)

lib: $(BUILD)/libsyncplay.a $(BUILD)/libsyncplay.so $(BUILD)/libsyncplay.pc

$(BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(COMPILE) -D_POSIX_C_SOURCE=200809L -fPIC -fvisibility=hidden -Iinclude -Ilib -c $< -o $@

# The library as it is linked statically: one object that shows only what the headers declare, so that a host may call its
# own functions what it likes. Groups (on i386 there are some) are dissolved: of those of one name a linker keeps a single one,
# and what has become local in the others would be missed. Tests of the inside link the objects themselves, as libinside.a.
$(BUILD)/libsyncplay.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	rm -f $@
	$(LD) -r --force-group-allocation $^ -o $(BUILD)/libsyncplay.o
	$(OBJCOPY) --localize-hidden $(BUILD)/libsyncplay.o
	$(AR) rcs $@ $(BUILD)/libsyncplay.o

$(BUILD)/libinside.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libsyncplay.so.$(VERSION): $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--no-undefined $^ $(LIB_LINKS) -o $@

$(BUILD)/libsyncplay.so: $(BUILD)/libsyncplay.so.$(VERSION)
	ln -sf libsyncplay.so.$(VERSION) $(BUILD)/$(SONAME)
	ln -sf $(SONAME) $@

# The prefix is part of the file, so it is written again whenever it is asked for.
.PHONY: $(BUILD)/libsyncplay.pc
$(BUILD)/libsyncplay.pc: pkgconfig/libsyncplay.pc.in
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|' -e 's|@VERSION@|$(VERSION)|' $< > $@

# --- The server --------------------------------------------------------------------------------------------------

SERVER_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard server/*.c))
# civetweb comes without a pkg-config file in Debian 12; it needs nothing but its name. The others are named the same way.
SERVER_LINKS := -lcivetweb -lwslay -lcjson -lsqlite3 -luuid -lmd -lyaml -lssl -lcrypto -ljwt -lsystemd -lcurl -lpthread -lm

server: $(BUILD)/syncplay-server

# The follower for browsers: the pure part of the library, compiled to WebAssembly with nothing around it. LLVM alone can do
# that, so it is clang whatever the rest is built with.
WASM_CC ?= clang
WASM := $(BUILD)/page/follower.wasm
WASM_SOURCES := lib/wasm/door.c $(addprefix lib/,advice.c clock_sync.c corridor.c drift.c due.c follow.c observe.c profile.c timeline.c)

$(WASM): $(WASM_SOURCES) $(wildcard lib/*.h include/syncplay/*.h)
	@mkdir -p $(@D)
	$(WASM_CC) --target=wasm32 -std=c11 $(WARNINGS) -Os -flto -ffreestanding -nostdlib -mbulk-memory -fvisibility=hidden \
	    -Iinclude -Ilib -Wl,--no-entry,--strip-all,-z,stack-size=16384 $(WASM_SOURCES) -o $@

# What the page is given of others' work, from npm: one file of a package each, never committed, checked by its SHA-512. All
# variants take the same. Where npm cannot be reached, empty ones stand in, and the page does without.
NPM_REGISTRY ?= https://registry.npmjs.org
VENDOR ?= build/vendor
HLS := $(VENDOR)/hls.js-1.7.4.tgz
HLS_SHA512 := dc697119d3ef4f6607bd060eb7ec8ecd3fc3122a2bfea255348ca51c0efb9207a805375042a8bbd06c1e7cd11498741e346ca30bc53adbe6ebbaa5bf4e99beb6
QRCODE := $(VENDOR)/qrcode-generator-2.0.4.tgz
QRCODE_SHA512 := 9994a23fa4676c7978c4bd80a791df9232e79b17ca70f5a959efdcfb95f10ae7ad11e9ea98d15fd451ff7ed5cf0ad146e7f4c3a1b8ec8f3eac48d2f44abf19f6
VENDORED := $(addprefix $(VENDOR)/,hls.js qrcode.js)
VENDORED_LICENSES := $(addprefix $(VENDOR)/,hls.js.LICENSE qrcode-generator.LICENSE)

# $(call fetch,PACKAGE,SHA512): a second try, for networks that hiccup; but never another file than the one that is meant.
define fetch
@mkdir -p $(@D)
@get() { curl -fsSL --connect-timeout 10 --max-time 300 -o $@.part $(NPM_REGISTRY)/$(1)/-/$(@F); }; \
if get || get; then echo "$(2)  $@.part" | sha512sum --check --quiet && mv $@.part $@; \
else echo "$(1) cannot be fetched from $(NPM_REGISTRY): the page does without it, until $(VENDOR) is removed and built again" >&2; \
    : >$@; fi
endef
unpack = test ! -s $< || tar -xzOf $<

$(HLS):
	$(call fetch,hls.js,$(HLS_SHA512))
$(QRCODE):
	$(call fetch,qrcode-generator,$(QRCODE_SHA512))
$(VENDOR)/hls.js: $(HLS)
	{ $(unpack) package/dist/hls.min.mjs; } | sed '/^\/\/# sourceMappingURL=/d' >$@
$(VENDOR)/qrcode.js: $(QRCODE)
	{ $(unpack) package/dist/qrcode.mjs; } >$@
$(VENDOR)/hls.js.LICENSE: $(HLS)
	{ $(unpack) package/LICENSE; } >$@
# Its package has no such file, but a notice at the top of each script. The license is the one that we have, too.
$(VENDOR)/qrcode-generator.LICENSE: $(VENDOR)/qrcode.js LICENSE
	{ sed '/^\/\//!q' $<; sed -n '/^Permission/,$$p' LICENSE; } >$@

# No -Ilib: the server is a user of the library like any other.
$(BUILD)/server/%.o: server/%.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -Iserver -Wa,-I$(BUILD)/page,-I$(VENDOR) -c $< -o $@

# page.c takes in the page's files as they are, and packed, which most browsers like better. Without names and times in them,
# so that the same files give the same server.
PAGE_FILES := $(wildcard server/page/*) $(WASM) $(VENDORED)
PACKED := $(addprefix $(BUILD)/page/,$(addsuffix .gz,$(notdir $(PAGE_FILES))))

define PACK
$(BUILD)/page/$(notdir $(1)).gz: $(1)
	@mkdir -p $$(@D)
	gzip -9nc $$< >$$@
endef
$(foreach file,$(PAGE_FILES),$(eval $(call PACK,$(file))))

$(BUILD)/server/page.o: $(PAGE_FILES) $(PACKED)

$(BUILD)/syncplay-server: $(SERVER_OBJECTS) $(BUILD)/libsyncplay.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,-z,relro,-z,now $^ $(SERVER_LINKS) -o $@

run: deps-build
	@echo "Building ..."
	@$(MAKE) --no-print-directory -s -j$$(nproc) server
	@echo "Open http://$(subst 0.0.0.0,127.0.0.1,$(or $(LISTEN),127.0.0.1:8080)) in a browser. Ctrl-C ends it."
	@echo "    make run MEDIA=/srv/films       offers the films of a folder"
	@echo "    make run LISTEN=0.0.0.0:8080    lets in those of your network, too"
	@$(if $(LISTEN),SYNCPLAY_LISTEN=$(LISTEN)) $(if $(MEDIA),SYNCPLAY_MEDIA="$(MEDIA)") $(BUILD)/syncplay-server $(ARGS)

# --- Examples ----------------------------------------------------------------------------------------------------

# One whose own library is not there is left out, so that `make` needs no more than the server does; `make check` installs all.
EXAMPLES := $(patsubst %.c,$(BUILD)/%,$(filter-out $(shell pkg-config --exists libuv || echo examples/libuv_server.c), \
    $(wildcard examples/*.c examples/*/transcript.c)))
$(BUILD)/examples/libuv_server: EXAMPLE_LINKS := -luv

MPV_FOLLOWER := $(BUILD)/examples/mpv_follower
MEDIA_SERVER := $(BUILD)/examples/media_server

examples: $(EXAMPLES) $(MPV_FOLLOWER) $(MEDIA_SERVER)

$(BUILD)/examples/%: examples/%.c $(BUILD)/libsyncplay.a
	@mkdir -p $(@D)
	$(COMPILE) -D_POSIX_C_SOURCE=200809L -Iinclude -MF $@.d $< $(BUILD)/libsyncplay.a $(LDFLAGS) $(EXAMPLE_LINKS) $(LIB_LINKS) -o $@

# Those that are folders, with libraries of their own.
$(MPV_FOLLOWER): EXAMPLE_LINKS := -lcurl -lwslay
$(MEDIA_SERVER): EXAMPLE_LINKS := -lcivetweb -lpthread
$(foreach folder,$(MPV_FOLLOWER) $(MEDIA_SERVER),$(eval $(folder): $(wildcard $(folder:$(BUILD)/%=%)/*.[ch])))
$(MPV_FOLLOWER) $(MEDIA_SERVER): $(BUILD)/libsyncplay.a
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) $(CFLAGS) -D_GNU_SOURCE -Iinclude $(filter %.c,$^) $(filter %.a,$^) $(LDFLAGS) $(EXAMPLE_LINKS) $(LIB_LINKS) -o $@

# --- Tests -------------------------------------------------------------------------------------------------------

UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
TRACE_RUNNER := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/trace/run_traces.c))
VECTOR_MAKERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/vectors/*.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))

# Unit tests see the inside of the library (-Ilib, libinside.a). One that tests a part of the server says so in a comment,
#     // needs: server/store.o
# and sees the inside of the server instead, from which the linker takes what it needs.
UNIT_TESTS_OF_SERVER := $(patsubst %.c,$(BUILD)/%,$(shell grep -l '^// needs:.*server/' tests/unit/test_*.c))
UNIT_TESTS_OF_LIB := $(filter-out $(UNIT_TESTS_OF_SERVER),$(UNIT_TESTS))

$(BUILD)/libserver.a: $(filter-out %/main.o,$(SERVER_OBJECTS))
	rm -f $@
	$(AR) rcs $@ $^

$(UNIT_TESTS_OF_LIB): $(BUILD)/%: %.c $(BUILD)/libinside.a
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -Ilib -MF $@.d $< $(BUILD)/libinside.a $(LDFLAGS) -lcmocka $(LIB_LINKS) -o $@

$(UNIT_TESTS_OF_SERVER): $(BUILD)/%: %.c $(BUILD)/libserver.a $(BUILD)/libsyncplay.a
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -Iserver -MF $@.d $< $(BUILD)/libserver.a $(BUILD)/libsyncplay.a \
	    $(LDFLAGS) -lcmocka -Wl,--as-needed $(SERVER_LINKS) -o $@

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -Ilib -c $< -o $@

# Trace runner, makers of vectors and benches use the library by its public headers alone.
$(TRACE_RUNNER) $(VECTOR_MAKERS) $(BENCHES): $(BUILD)/%: %.c $(BUILD)/libsyncplay.a
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -MF $@.d $< $(BUILD)/libsyncplay.a $(LDFLAGS) $(LIB_LINKS) -o $@

# The proving grounds: modelled worlds in virtual time. Those of one room of the library are made of tests/sim/NAME_*.c and see
# its inside; whole parties (follow_sim) are made of all the others, and use the public headers alone.
ROOM_SIMS := clock lead
SIMS := $(addprefix $(BUILD)/tests/sim/,$(addsuffix _sim,$(ROOM_SIMS)) follow_sim)
FOLLOW_SIM_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(foreach room,$(ROOM_SIMS),tests/sim/$(room)_%), \
    $(wildcard tests/sim/*.c)))

define ROOM_SIM
$(BUILD)/tests/sim/$(1)_sim: $(wildcard tests/sim/$(1)_*.[ch]) $(BUILD)/libinside.a
	@mkdir -p $$(@D)
	$$(COMPILE) -D_GNU_SOURCE -Iinclude -Ilib -MF $$@.d $$(filter %.c %.a,$$^) $$(LDFLAGS) $$(LIB_LINKS) -o $$@
endef
$(foreach room,$(ROOM_SIMS),$(eval $(call ROOM_SIM,$(room))))

$(FOLLOW_SIM_OBJECTS): $(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Iinclude -c $< -o $@

$(BUILD)/tests/sim/follow_sim: $(FOLLOW_SIM_OBJECTS) $(BUILD)/libsyncplay.a
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LIB_LINKS) -o $@

# What the follower reaches, beside what others do, as tables with their goals; and a search for evenings that go wrong.
SIM_SEED ?= 1
sim: $(SIMS)
	$(BUILD)/tests/sim/clock_sim --hours 1000 --seed $(SIM_SEED)
	$(BUILD)/tests/sim/lead_sim
	$(BUILD)/tests/sim/follow_sim
sim-long: $(SIMS)
	$(BUILD)/tests/sim/clock_sim --ours --hours 100000 --seed $(SIM_SEED)
	$(BUILD)/tests/sim/follow_sim --search

# Fuzz targets (tests/fuzz/fuzz_NAME.c). What they call is compiled like everything else of a variant; they themselves may be
# compiled with other flags, so that a fuzzer looks at what is tested alone. Without a fuzzer they replay what files hold. A
# target of the server names the objects that it needs, all of them: // needs: server/json.o
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_PROGRAMS := $(FUZZ_SOURCES:%.c=$(BUILD)/%)
FUZZ_CFLAGS ?= $(CFLAGS)
FUZZ_DRIVER ?= $(BUILD)/tests/fuzz/replay.o

define FUZZ_PROGRAM
$(BUILD)/$(1:.c=.o): INSIDE := $(if $(2),-Iserver,-Ilib)
$(BUILD)/$(1:.c=): $(BUILD)/$(1:.c=.o) $(addprefix $(BUILD)/,$(2)) $(BUILD)/$(if $(2),libsyncplay.a,libinside.a)
endef
$(foreach source,$(FUZZ_SOURCES),$(eval $(call FUZZ_PROGRAM,$(source),$(shell sed -n 's|^// needs: ||p' $(source)))))

$(BUILD)/tests/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) $(FUZZ_CFLAGS) -MMD -MP -D_GNU_SOURCE -Iinclude $(INSIDE) -c $< -o $@

$(FUZZ_PROGRAMS): $(filter %.o,$(FUZZ_DRIVER))
	$(CC) $(CFLAGS) $(sort $(filter %.o,$^)) $(filter %.a,$^) $(filter-out %.o,$(FUZZ_DRIVER)) $(LDFLAGS) -Wl,--as-needed \
	    $(SERVER_LINKS) -o $@

.PHONY: fuzz-programs fuzz-build fuzz fuzz-keep fuzz-afl
fuzz-programs: $(FUZZ_PROGRAMS)
-include $(FUZZ_PROGRAMS:=.d)

test-programs: $(UNIT_TESTS) $(TRACE_RUNNER) $(VECTOR_MAKERS) $(SIMS)
lib-test-programs: $(UNIT_TESTS_OF_LIB) $(TRACE_RUNNER)
bench-programs: $(BENCHES)

# The same sources, other flags, another folder.
VARIANT = $(MAKE) --no-print-directory CFLAGS="$(strip $(2))" LDFLAGS= BUILD=$(BUILD)/$(1)

clang asan tsan: | $(VENDORED)
clang:
	+$(call VARIANT,clang,-O2 -g) CC=clang all test-programs bench-programs
asan:
	+$(call VARIANT,asan,-O1 -g -fsanitize=address$(,)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) \
	    server examples test-programs fuzz-programs
tsan:
	+$(call VARIANT,tsan,-O1 -g -fsanitize=thread) server
# The library at its worst: lib/hostile.h.
.PHONY: hostile lib-test-programs
hostile:
	+$(call VARIANT,hostile,-O1 -g -DSYNCPLAY_HOSTILE) lib-test-programs
, := ,

# Static analysis. make check leaves out clang-tidy, which takes five times as long as the others together.
LINT_PACKAGES := cppcheck clang-tidy gcc
.PHONY: lint
lint:
	$(call install_missing,$(LINT_PACKAGES),)
	@tests/lint all

# Fuzzers: libFuzzer comes with clang; where it does not, nothing is built. AFL++ takes the same targets.
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -O2 -g -fsanitize=address$(,)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
has_libfuzzer = echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n > 9; }' | \
    $(FUZZ_CC) -fsanitize=fuzzer -w -x c - -o /dev/null 2>/dev/null
fuzz-build:
	+@if $(has_libfuzzer); then \
	    $(call VARIANT,fuzz,$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link \
	        -fsanitize-coverage-ignorelist=tests/fuzz/unseen.txt) FUZZ_CFLAGS="-O2 -g" FUZZ_DRIVER=-fsanitize=fuzzer \
	        CC=$(FUZZ_CC) fuzz-programs; \
	else echo "$(FUZZ_CC) has no libFuzzer: nothing is fuzzed"; fi
fuzz: fuzz-build
	@BUILD=$(BUILD) tests/fuzz/run fuzz $(FUZZ_SECONDS) $(TARGET)
# What was found to reach something new, minimised, into the corpus that is kept.
fuzz-keep: fuzz-build
	@BUILD=$(BUILD) tests/fuzz/run keep $(TARGET)
fuzz-afl:
	@command -v afl-clang-fast >/dev/null || { echo "This takes AFL++: apt-get install afl++"; exit 1; }
	+$(call VARIANT,fuzz-afl,$(FUZZ_FLAGS)) FUZZ_CFLAGS="-O2 -g" FUZZ_DRIVER=-fsanitize=fuzzer CC=afl-clang-fast fuzz-programs

# Node packages of the tests (never a browser), once for each state of the lock file. A second try, for networks that hiccup.
NPM_CI := npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error
node-modules: tests/node_modules/.complete
tests/node_modules/.complete: tests/package-lock.json
	$(NPM_CI) || $(NPM_CI)
	touch $@

check-build: all test-programs bench-programs clang asan tsan hostile fuzz-build node-modules

check: deps-check
	@MAKE="$(MAKE)" BUILD="$(BUILD)" tests/run

bench: bench-programs server node-modules
	@for bench in $(sort $(BENCHES)); do $$bench || exit 1; done
	@BUILD=$(BUILD) node tests/bench/server.mjs

# The library for small machines: what of it is code, constants, tables for unwinding (which C programs can do without).
size:
	+@$(call VARIANT,os,-Os) $(BUILD)/os/libsyncplay.a
	@size -A -d $(BUILD)/os/libsyncplay.o | awk '\
	    { if (match($$1, /^\.(text|rodata|data|bss|eh_frame)/)) bytes[substr($$1, 1, RLENGTH)] += $$2 } \
	    END { printf "with -Os: %.1f kB of code (goal: below 100), %.1f of constants, %.1f to unwind the stack, %d bytes that change\n", \
	    bytes[".text"] / 1000, (bytes[".rodata"] + bytes[".data"]) / 1000, bytes[".eh_frame"] / 1000, bytes[".bss"] }'

# Real players in real time; ARGS picks scenarios and lengths, see tests/README.md.
measure:
	$(call install_missing,$(BUILD_PACKAGES) $(MEASURE_PACKAGES),node npm)
	@$(MAKE) --no-print-directory server examples node-modules
	@BUILD=$(BUILD) node tests/measure/measure.mjs $(ARGS)

# 24 hours of evenings against a real server in some minutes: what it holds after them is what it held before.
soak: server node-modules
	@BUILD=$(BUILD) node tests/soak/soak.mjs $(ARGS)

# Kills under load, and more (tests/README.md); ARGS picks: make siege ARGS="crash --rounds 50 --seed 7".
siege: server asan tsan node-modules
	@BUILD=$(BUILD) node tests/siege/siege.mjs $(ARGS)

# Part of `make check`, too.
oom: $(TRACE_RUNNER)
	$(TRACE_RUNNER) --oom tests/trace/*.trace

# Which branches of the library unit tests, traces (also without memory) and the quick simulation take, by file.
.PHONY: coverage coverage-programs
coverage-programs: lib-test-programs $(BUILD)/tests/sim/follow_sim
coverage:
	$(call install_missing,$(BUILD_PACKAGES) $(COVERAGE_PACKAGES),)
	+@$(call VARIANT,coverage,-O0 -g --coverage) coverage-programs
	@tests/coverage.sh $(BUILD)/coverage

# For people to read: who survives, is an equivalent or wants a test.
MUTATIONS ?= 40
SEED ?= 1
.PHONY: mutate
mutate:
	@BUILD=$(BUILD) CC=$(CC) node tests/mutation/mutate.mjs --mutations $(MUTATIONS) --seed $(SEED)

# The library in other places, from a PC with the network; ARGS picks some of musl, i386, s390x, arm64, windows.
.PHONY: elsewhere
elsewhere: $(TRACE_RUNNER)
	$(call install_missing,$(BUILD_PACKAGES) $(ELSEWHERE_PACKAGES),)
	@MAKE="$(MAKE)" BUILD=$(BUILD) tests/elsewhere/run $(ARGS)

# Pictures of the page at three widths, dark and light, into build/gallery/: for people to look at.
gallery: server node-modules
	@BUILD=$(BUILD) node tests/page/gallery.mjs $(ARGS)

# --- Installing --------------------------------------------------------------------------------------------------

DOC := $(PREFIX)/share/doc/syncplay
# For other pages than ours: the follower, and the names of its numbers.
SHARE := $(PREFIX)/share/syncplay
INSTALLED = $(addprefix $(PREFIX)/,bin/syncplay-server $(wildcard include/syncplay/*.h) lib/sysusers.d/syncplay.conf \
            share/man/man8/syncplay-server.8) $(UNITDIR)/syncplay-server.service \
            $(addprefix $(LIBDIR)/,libsyncplay.a libsyncplay.so.$(VERSION) $(SONAME) libsyncplay.so pkgconfig/libsyncplay.pc) \
            $(addprefix $(SHARE)/,follower.wasm follower.js) \
            $(addprefix $(DOC)/,README.md LICENSE PROTOCOL.md openapi.yaml syncplay.example.yaml nginx.conf Caddyfile \
            $(notdir $(VENDORED_LICENSES)) $(EXAMPLE_FILES))
EXAMPLE_FILES := $(wildcard examples/*.* examples/*/*.*)
# Belongs to whoever has changed it: neither overwritten nor removed then.
SETTINGS := $(SYSCONFDIR)/syncplay/syncplay.yaml
say_where = sed 's|@BINDIR@|$(PREFIX)/bin|; s|@SYSCONFDIR@|$(SYSCONFDIR)|; s|@DOC@|$(DOC)|'

install: lib server $(VENDORED_LICENSES)
	install -d $(addprefix $(DESTDIR),$(sort $(dir $(INSTALLED) $(SETTINGS))))
	install -m 755 $(BUILD)/syncplay-server $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libsyncplay.a $(BUILD)/libsyncplay.so.$(VERSION) $(DESTDIR)$(LIBDIR)/
	ln -sf libsyncplay.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libsyncplay.so
	install -m 644 $(BUILD)/libsyncplay.pc $(DESTDIR)$(LIBDIR)/pkgconfig/
	install -m 644 include/syncplay/*.h $(DESTDIR)$(PREFIX)/include/syncplay/
	install -m 644 README.md LICENSE lib/PROTOCOL.md server/openapi.yaml server/syncplay.example.yaml \
	    server/nginx.conf server/Caddyfile $(VENDORED_LICENSES) $(DESTDIR)$(DOC)/
	install -m 644 $(WASM) server/page/follower.js $(DESTDIR)$(SHARE)/
	for file in $(EXAMPLE_FILES); do install -m 644 $$file $(DESTDIR)$(DOC)/$$file || exit 1; done
	install -m 644 server/syncplay-server.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	install -m 644 server/syncplay.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/syncplay.conf
	$(say_where) server/syncplay-server.service | install -m 644 /dev/stdin $(DESTDIR)$(UNITDIR)/syncplay-server.service
	test -e $(DESTDIR)$(SETTINGS) || $(say_where) server/syncplay.yaml | install -m 644 /dev/stdin $(DESTDIR)$(SETTINGS)
	$(if $(DESTDIR),,-ldconfig)

# The reference. A page for each field would take the names of others' pages, such as send(3); those of headers get our name, and
# say how they are included.
# To man, a line that begins with an apostrophe is a command.
MAN3 := $(PREFIX)/share/man/man3
doc:
	$(call install_missing,doxygen,)
	rm -rf $(BUILD)/doc
	mkdir -p $(BUILD)/doc
	{ cat include/Doxyfile; echo "OUTPUT_DIRECTORY = $(BUILD)/doc"; echo "PROJECT_NUMBER = $(VERSION)"; } | doxygen -
	cd $(BUILD)/doc/man/man3 && ls | grep -v -e '^[sS][yY][nN][cC][pP][lL][aA][yY]_' -e '\.h\.3$$' | xargs rm -f && \
	    for page in *.h.3; do sed -i "s|^\.SH SYNOPSIS|&\n\\\\fC#include <syncplay/$${page%.3}>\\\\fP|" $$page; \
	    mv $$page syncplay_$$page; done && sed -i "s|^\.so man3/\(.*\.h\.3\)$$|.so man3/syncplay_\1|; s|^'|\\\\(aq|" *.3
	@echo "$(BUILD)/doc/html/index.html; man -M $(BUILD)/doc/man syncplay_hub_new"

install-doc: doc
	install -d $(DESTDIR)$(MAN3) $(DESTDIR)$(DOC)/html/search
	install -m 644 $(BUILD)/doc/man/man3/*.3 $(DESTDIR)$(MAN3)/
	install -m 644 $(BUILD)/doc/html/*.* $(DESTDIR)$(DOC)/html/
	install -m 644 $(BUILD)/doc/html/search/* $(DESTDIR)$(DOC)/html/search/

# Debian packages, for this Debian and this processor; their folder is made anew each time.
DEB := $(BUILD)/deb
DEB_VERSION ?= $(VERSION)
DEB_PACKAGES := build-essential debhelper dpkg-dev doxygen fakeroot git lintian
deb: deps-build $(VENDORED) $(VENDORED_LICENSES)
	$(call install_missing,$(DEB_PACKAGES),)
	server/debian/build $(DEB) $(VENDOR) $(DEB_VERSION) $(filter-out gcc libc6-dev,$(BUILD_PACKAGES)) doxygen
	lintian --fail-on error --info $(DEB)/*.changes

# As root, with the network: see tests/deb/fresh_root.sh.
deb-check: deb node-modules
	$(call install_missing,debootstrap systemd-container curl,node)
	$(MAKE) --no-print-directory deb DEB=$(BUILD)/deb-next DEB_VERSION=$(VERSION)+next
	@tests/deb/fresh_root.sh $(DEB) $(BUILD)/deb-next | tee $(BUILD)/deb-check.tap
	@grep -q '^1\.\.' $(BUILD)/deb-check.tap && ! grep -q '^not ok' $(BUILD)/deb-check.tap

# Removes what install has put there, then those of our own folders that are empty.
uninstall:
	rm -f $(addprefix $(DESTDIR),$(INSTALLED)) $(DESTDIR)$(MAN3)/syncplay_*.3 $(DESTDIR)$(MAN3)/SYNCPLAY_*.3
	rm -rf $(DESTDIR)$(DOC)/html
	$(say_where) server/syncplay.yaml | cmp -s - $(DESTDIR)$(SETTINGS) && rm $(DESTDIR)$(SETTINGS) || true
	-find $(addprefix $(DESTDIR),$(DOC) $(SHARE) $(PREFIX)/include/syncplay $(dir $(SETTINGS))) -depth -type d -empty -delete
	$(if $(DESTDIR),,-ldconfig)

clean:
	rm -rf $(BUILD) $(VENDOR)

-include $(LIB_OBJECTS:.o=.d) $(SERVER_OBJECTS:.o=.d) $(EXAMPLES:=.d) $(UNIT_TESTS:=.d) $(TRACE_RUNNER:=.d) $(VECTOR_MAKERS:=.d) $(BENCHES:=.d) $(FOLLOW_SIM_OBJECTS:.o=.d)
