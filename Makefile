# syncplay: library, server, examples, tests. `make run` and `make check` do everything.
CC ?= cc
BUILD ?= build
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
STD := -std=c11 -D_POSIX_C_SOURCE=200809L

LIB_SRC := $(wildcard lib/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)

.PHONY: all lib server clean
all: lib server
lib: $(BUILD)/libsyncplay.a
server: $(BUILD)/syncplay-server

$(BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -fvisibility=hidden -Iinclude -Ilib -MMD -c $< -o $@

$(BUILD)/libsyncplay.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

-include $(LIB_OBJ:.o=.d)

clean:
	rm -rf $(BUILD)
