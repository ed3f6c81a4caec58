# SPDX-License-Identifier: Apache-2.0
# GNU make; no configure. `make demo` and `make check` do everything on a fresh machine.

VERSION = 0.1.0
PREFIX ?= /usr/local
BUILD ?= build
CC = gcc
PKGS = sqlite3 jansson yaml-0.1 libevent_core nettle libpcre2-8

# SAN (sanitizers, coverage) reaches the compiler and the linker.
SAN ?=
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
       -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wpointer-arith -Wcast-qual -Wimplicit-fallthrough
HARDEN ?= -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
CFLAGS ?= -O2 -g $(HARDEN)
LDFLAGS ?= -Wl,-z,relro,-z,now
WERROR ?=

CPPFLAGS += -Ilibcommon -D_GNU_SOURCE -DCRATON_VERSION='"$(VERSION)"'
ALL_CFLAGS = -std=c11 -fPIE $(CPPFLAGS) $(WARN) $(WERROR) $(CFLAGS) $(SAN) $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
ALL_LDFLAGS = -pie -Wl,--as-needed $(LDFLAGS) $(SAN)
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm

# Every folder cmd/craton-NAME is a program. The guard is no user's tool: it is linked
# statically, because it is started once for each guarded step, and lives under libexec.
TOOLS := $(filter-out craton-guard,$(notdir $(wildcard cmd/craton-*)))
LIB_SRC := $(wildcard libcommon/*/*.c libcommon/*/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/schema_sql.o
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/t_*.c))
TESTS ?= $(wildcard tests/*.bats)
JOBS ?= 2

# The build folder has the layout of an installed prefix: programs find the guard, plug-ins
# and shipped definitions relative to themselves, built, staged or installed.
BIN = $(TOOLS:%=$(BUILD)/bin/%)
GUARD = $(BUILD)/libexec/craton/craton-guard

all: $(BIN) $(GUARD) $(BUILD)/share/craton

$(BUILD)/share/craton:
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/share $@

$(BUILD)/libcraton.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# share/schema/NNNN-name.sql as the C strings that store/schema.c expects.
$(BUILD)/gen/schema_sql.c: $(sort $(wildcard share/schema/*.sql)) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "store/schema.h"'; echo 'const struct schema_step schema_steps[] = {'; \
	for f in $(filter %.sql,$^); do n=$${f##*/}; \
	echo "{$$(echo $${n%%-*} | sed 's/^0*//'), \"$${n%.sql}\","; \
	sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $$f; echo '},'; done; echo '{0}};'; } > $@.new
	@mv $@.new $@

$(BUILD)/obj/schema_sql.o: $(BUILD)/gen/schema_sql.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

define tool_rule
$(BUILD)/bin/$(1): $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard cmd/$(1)/*.c)) $(BUILD)/libcraton.a
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

# Without sanitizers: they want a dynamic program, and a heap. GUARD_LIB is what guard and
# library share; none of it allocates. The tests' guard has named points to die at.
GUARD_LIB = $(addprefix libcommon/exec/,outcome.c slot.c proc.c watch.c)
GUARD_SRC = $(wildcard cmd/craton-guard/*.c) $(GUARD_LIB)
$(GUARD) $(BUILD)/unit/craton-guard: $(GUARD_SRC) $(GUARD_LIB:.c=.h) libcommon/exec/crash.h
	@mkdir -p $(@D)
	$(CC) -std=c11 $(CPPFLAGS) $(if $(findstring /unit/,$@),-DCRATON_CRASH_POINTS) $(WARN) $(WERROR) \
	    -O2 -g -static -o $@ $(filter %.c,$^)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP $(ALL_LDFLAGS) -o $@ $(filter %.c,$^) $(filter %.a,$^) $(LIBS)

# The test of kills crashes at the named points, its guard's and its own.
$(BUILD)/unit/t_attempt: $(BUILD)/unit/craton-guard
$(BUILD)/unit/t_kill: libcommon/exec/attempt.c libcommon/exec/settle.c $(BUILD)/unit/craton-guard
$(BUILD)/unit/t_kill: private CPPFLAGS += -DCRATON_CRASH_POINTS

units: $(UNIT)

# What Debian 12 needs for each; packages that are there are left alone.
DEPS_BUILD = pkg-config libsqlite3-dev libjansson-dev libyaml-dev libevent-dev nettle-dev libpcre2-dev
DEPS_TEST = bats perl jq sqlite3 mandoc strace procps
DEPS_LINT = clang clang-format clang-tidy cppcheck shellcheck
deps:
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST)

check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all units
	@$(MAKE) --no-print-directory test fuzz-short
	@tests/totals

test: all units
	@PATH="$(abspath $(BUILD)/bin):$$PATH" BUILD="$(abspath $(BUILD))" \
	    prove -j$(JOBS) --timer --exec tests/tap $(UNIT) $(TESTS)

check-asan: deps
	@tests/deps clang
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/asan CFLAGS="-O1 -g" \
	    SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined" test

-include $(LIB_OBJ:.o=.d) $(UNIT:=.d) $(patsubst %.c,$(BUILD)/obj/%.d,$(wildcard cmd/*/*.c))

clean:
	rm -rf build

.PHONY: all units deps check test check-asan clean
