# SPDX-License-Identifier: Apache-2.0
# GNU make; no configure. `make demo` and `make check` do everything on a fresh machine.

VERSION = 0.1.0
PREFIX ?= /usr/local
BUILD ?= build
# The same folder has one name, as it is in what the compiler notes of headers: else an object
# made under the other name would not be made anew.
override BUILD := $(patsubst $(CURDIR)/%,%,$(BUILD))
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
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm
ALL_CFLAGS = -std=c11 -fPIE $(CPPFLAGS) $(WARN) $(WERROR) $(CFLAGS) $(SAN) $(PKG_CFLAGS)
ALL_LDFLAGS = -pie -Wl,--as-needed $(LDFLAGS) $(SAN)

# make V=1 shows every command.
Q = $(if $(V),,@)

# Every folder cmd/craton-NAME is a program. Two are no user's tools, and live under libexec:
# the guard, linked statically, because it is started once for each guarded step; and the
# actions that come with craton, which are names of one program.
TOOLS := $(filter-out craton-guard craton-action,$(notdir $(wildcard cmd/craton-*)))
LIB_SRC := $(wildcard libcommon/*/*.c libcommon/*/*/*.c libcommon/*/*/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/schema_sql.o
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/t_*.c))
TESTS ?= $(wildcard tests/*.bats)
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZTIME ?= 30
JOBS ?= 2

# The build folder has the layout of an installed prefix: programs find the guard, plug-ins
# and shipped definitions relative to themselves, built, staged or installed.
BIN = $(TOOLS:%=$(BUILD)/bin/%)
GUARD = $(BUILD)/libexec/craton/craton-guard
ACTION = $(BUILD)/libexec/craton/craton-action
PLUGINS = $(addprefix $(BUILD)/libexec/craton/plugins/action/,local ssh ansible identity)
# The simulated cloud's actions are names of its program.
SIMULATED = $(addprefix $(BUILD)/libexec/craton/plugins/action/cloud-,build check empty list move open quiesce wipe)

SCRIPTS := $(wildcard share/bin/*)

all: $(BIN) $(GUARD) $(PLUGINS) $(SIMULATED) $(BUILD)/share/craton $(SCRIPTS:share/bin/%=$(BUILD)/bin/%)

# Programs in other languages are links there.
$(BUILD)/bin/%: share/bin/%
	@mkdir -p $(@D)
	$(Q)ln -sfn $(CURDIR)/$< $@

$(BUILD)/share/craton:
	@mkdir -p $(@D)
	$(Q)ln -sfn $(CURDIR)/share $@

$(BUILD)/libcraton.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# share/schema/NNNN-name.sql as the C strings that store/schema.c expects. Made each time, and
# moved only if it differs: a step that was renamed or removed makes no file newer.
$(BUILD)/gen/schema_sql.c: FORCE
	@mkdir -p $(@D)
	@{ echo '#include "store/schema.h"'; echo 'const struct schema_step schema_steps[] = {'; \
	for f in $(sort $(wildcard share/schema/*.sql)); do n=$${f##*/}; \
	echo "{$$(echo $${n%%-*} | sed 's/^0*//'), \"$${n%.sql}\","; \
	sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $$f; echo '},'; done; echo '{0}};'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

FORCE:

$(BUILD)/obj/schema_sql.o: $(BUILD)/gen/schema_sql.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# tool_rule NAME,FOLDER
define tool_rule
$(BUILD)/$(2)/$(1): $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard cmd/$(1)/*.c)) $(BUILD)/libcraton.a
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
	@echo "built $$@"
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t),bin)))
$(eval $(call tool_rule,craton-action,libexec/craton))

$(PLUGINS): $(ACTION)
	@mkdir -p $(@D)
	$(Q)ln -sf ../../$(<F) $@

$(SIMULATED): $(BUILD)/bin/craton-sim
	@mkdir -p $(@D)
	$(Q)ln -sf ../../../../bin/$(<F) $@

# Without sanitizers: they want a dynamic program, and a heap. GUARD_LIB is what guard and
# library share; none of it allocates. The tests' guard has named points to die at.
# With musl where it is installed: a static program of glibc asks the processor for its
# features when it starts, each question a trap in a virtual machine, 0.3 ms of a step's 2.
GUARD_CC := $(or $(shell command -v musl-gcc),$(CC))
GUARD_LIB = $(addprefix libcommon/exec/,outcome.c slot.c proc.c watch.c)
GUARD_SRC = $(wildcard cmd/craton-guard/*.c) $(GUARD_LIB)
$(GUARD) $(BUILD)/unit/craton-guard: $(GUARD_SRC) $(GUARD_LIB:.c=.h) libcommon/exec/crash.h
	@mkdir -p $(@D)
	$(Q)$(GUARD_CC) -std=c11 $(CPPFLAGS) $(if $(findstring /unit/,$@),-DCRATON_CRASH_POINTS) $(WARN) $(WERROR) \
	    -O2 -g -static -o $@ $(filter %.c,$^)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP $(ALL_LDFLAGS) -o $@ $(filter %.c,$^) $(filter %.a,$^) $(LIBS)

# Every statement of the sources, for the test that prepares them all.
$(BUILD)/gen/statements.h: tests/unit/statements $(LIB_SRC) $(wildcard libcommon/*/*.h libcommon/*/*/*.h libcommon/*/*/*/*.h cmd/*/*.c)
	@mkdir -p $(@D)
	$(Q)perl $< $(filter-out libcommon/store/guard%,$(filter %.c %.h,$^)) >$@.new
	@mv $@.new $@

$(BUILD)/unit/t_statements: $(BUILD)/gen/statements.h
$(BUILD)/unit/t_statements: private CPPFLAGS += -I$(BUILD)/gen

# The test of kills crashes at the named points, its guard's and its own.
$(BUILD)/unit/t_attempt: $(BUILD)/unit/craton-guard
$(BUILD)/unit/t_kill: libcommon/exec/attempt.c libcommon/exec/settle.c $(BUILD)/unit/craton-guard
$(BUILD)/unit/t_kill: private CPPFLAGS += -DCRATON_CRASH_POINTS

units: $(UNIT)

# kill -9 of whole runs: the killer, the action that tells on itself, and the tool with named
# points to die at.
CHAOS = $(addprefix $(BUILD)/chaos/,chaos witness craton-remediate craton-sim) $(BUILD)/unit/craton-guard
$(BUILD)/chaos/chaos: tests/chaos/chaos.c $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/chaos/witness: tests/chaos/witness.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(WERROR) -O2 -g -static -o $@ $<

CRASH_SRC = $(wildcard cmd/craton-remediate/*.c libcommon/flow/engine/*.c) \
            $(addprefix libcommon/exec/,attempt.c settle.c)
$(BUILD)/chaos/craton-remediate: $(CRASH_SRC) $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -DCRATON_CRASH_POINTS $(ALL_LDFLAGS) -o $@ $(CRASH_SRC) $(BUILD)/libcraton.a $(LIBS)

# The simulated cloud with named points to die at.
$(BUILD)/chaos/craton-sim: $(wildcard cmd/craton-sim/*.c) $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -DCRATON_CRASH_POINTS $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Host lists a line, for the comparison with ClusterShell's.
HOSTLIST = $(BUILD)/hostlist/filter
$(HOSTLIST): tests/hostlist/filter.c $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The same tests as in check, for longer: a minute of many at once, kills, flipped bits. SEED may
# be given.
stress: all
	@BUILD="$(abspath $(BUILD))" STRESS=60 KILLS=200 FLIPS=3000 SEED=$(SEED) prove -v --exec tests/tap \
	    tests/inv-stress.bats tests/bad-kill.bats tests/bad-files.bats

# KILLS and SEED may be given; the seed of a pass is printed.
KILLS ?= 1000
chaos: all $(CHAOS)
	@BUILD="$(abspath $(BUILD))" tests/chaos/run $(KILLS) $(SEED)
	@BUILD="$(abspath $(BUILD))" tests/chaos/run points
	@PATH="$(abspath $(BUILD)/bin):$$PATH" BUILD="$(abspath $(BUILD))" bats tests/remediate-faults.bats

# All hosts of a simulated cloud are renewed under their guests, while engines and guards are
# killed. HOSTS, SEED, SPEED and KILLS may be given; its folder is build/story.
HOSTS ?= 19000
SPEED ?= 500
story: all
	@rm -rf $(BUILD)/story
	@BUILD="$(abspath $(BUILD))" EVERY=20 tests/story/run $(BUILD)/story $(HOSTS) $(or $(SEED),1) \
	    $(SPEED) $(if $(filter command%,$(origin KILLS)),$(KILLS),50)

# Random workflows, failures and limits against the rules of a batch, written once more. CASES
# and SEED may be given; case N of a pass is the pass of one case with SEED + N.
PROPERTY = $(BUILD)/property/batch
$(PROPERTY): $(wildcard tests/property/*.c) $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

CASES ?= 10000
property: all $(PROPERTY)
	@$(PROPERTY) $(CASES) $(SEED)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/libcraton.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) $(LIBS)

fuzzers: $(FUZZ)

$(BUILD)/failing.so: tests/fault/failing.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(WERROR) -O1 -g -fPIC -shared -o $@ $<

# What Debian 12 needs for each; packages that are there are left alone.
DEPS_BUILD = pkg-config libsqlite3-dev libjansson-dev libyaml-dev libevent-dev nettle-dev libpcre2-dev
DEPS_BUILD += musl-tools # small, and a guard that starts in a third of the time
DEPS_TEST = bats perl jq tzdata sqlite3 mandoc strace procps graphviz openssh-server openssh-client ansible-core libxml2-utils clustershell genders zsh fish
# Validators of what others read: Prometheus' own, JSON schemas, and the schemas, which npm has.
# The page is driven in a browser, by what npm has for it.
DEPS_TEST += prometheus python3-jsonschema chromium $(if $(shell command -v npm),,npm)
DEPS_FUZZ = clang libclang-rt-14-dev
DEPS_LINT = clang clang-format clang-tidy cppcheck shellcheck mandoc universal-ctags
deps:
	@tests/deps $(DEPS_BUILD) $(DEPS_TEST)
	@$(MAKE) --no-print-directory $(WEB)

# Exactly what the lock names, beside what is built.
WEB = build/web/node_modules/.package-lock.json
$(WEB): tests/web/package.json tests/web/package-lock.json tests/web/npmrc
	@mkdir -p build/web
	$(Q)cp tests/web/package.json tests/web/package-lock.json build/web
	$(Q)cp tests/web/npmrc build/web/.npmrc
	$(Q)cd build/web && npm ci --silent
	@touch $@

check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all units
	@$(MAKE) --no-print-directory fuzz-short
	@$(MAKE) --no-print-directory test

test: all units $(CHAOS) $(HOSTLIST) $(PROPERTY)
	@PATH="$(abspath $(BUILD)/bin):$$PATH" BUILD="$(abspath $(BUILD))" \
	    prove -j$(JOBS) --timer --exec tests/tap $(UNIT) $(TESTS)

# Each variant has its own folder, where make starts again with other flags.
VARIANT = @$(MAKE) --no-print-directory -j$(JOBS) CFLAGS="-O1 -g"
SANITIZE = address,undefined -fno-sanitize-recover=undefined

check-asan: deps
	$(VARIANT) BUILD=build/asan SAN="-fsanitize=$(SANITIZE)" test

check-valgrind: deps
	@tests/deps valgrind libc6-dbg
	$(VARIANT) BUILD=build/plain HARDEN= all units
	@JOBS=$(JOBS) tests/valgrind build/plain $(TESTS)

# Without hardening, which calls read and open by other names.
check-fault: deps
	$(VARIANT) BUILD=build/fault HARDEN= all units build/fault/failing.so
	@tests/fault/run build/fault

# The main job on real data; leaves build/demo to explore.
demo:
	@tests/deps $(DEPS_BUILD) jq
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@share/demo/demo $(BUILD)

# Hypervisors renewed under their guests, in a simulated cloud; leaves build/demo-cloud.
demo-cloud:
	@tests/deps $(DEPS_BUILD) jq
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@share/demo/cloud $(BUILD)

# CPU time beside peers in the same run; figures, no verdict.
DEPS_PEER = python3-taskflow python3-sqlalchemy python3-sqlalchemy-utils python3-alembic
bench: all $(HOSTLIST)
	@tests/deps jq sqlite3 time ansible-core clustershell chromium $(if $(shell command -v npm),,npm) $(DEPS_PEER)
	@$(MAKE) --no-print-directory $(WEB)
	@tests/bench/run $(BUILD)

coverage: deps
	$(VARIANT) BUILD=build/coverage CFLAGS="-O0 -g" SAN=--coverage test
	@tests/lint/coverage build/coverage

# fuzz looks for new cases, FUZZTIME seconds a parser; fuzz-short runs the kept and a few more.
fuzz: FUZZ_RUN = -max_total_time=$(FUZZTIME)
fuzz-short: FUZZ_RUN = -runs=2000 -seed=1
fuzz fuzz-short:
	@tests/deps $(DEPS_BUILD) $(DEPS_FUZZ)
	$(VARIANT) BUILD=build/fuzz CC=clang SAN="-fsanitize=fuzzer-no-link,$(SANITIZE)" fuzzers
	@tests/fuzz/run build/fuzz/fuzz $(FUZZ_RUN)

lint: deps
	@tests/deps $(DEPS_LINT)
	$(VARIANT) BUILD=build/lint-gcc CFLAGS="-O2 -g" WERROR=-Werror all units
	$(VARIANT) BUILD=build/lint-clang CC=clang WERROR=-Werror all units
	@JOBS=$(JOBS) tests/lint/run build/lint-gcc

# What is installed, each as FROM:TO. The schema is inside the programs.
DATA = $(shell find share -type f ! -path 'share/schema/*' ! -path 'share/completion/*' ! -path 'share/systemd/*' ! -path 'share/bin/*')
FILES = $(foreach t,$(TOOLS),$(BUILD)/bin/$(t):bin/$(t)) $(GUARD):libexec/craton/craton-guard \
    $(ACTION):libexec/craton/craton-action \
    $(foreach f,$(SCRIPTS),$(f):bin/$(notdir $(f))) \
    $(foreach f,$(DATA),$(f):share/craton/$(f:share/%=%)) \
    $(foreach f,$(wildcard man/*.[157]),$(f):share/man/man$(subst .,,$(suffix $(f)))/$(notdir $(f))) \
    $(foreach f,$(wildcard share/completion/*.bash),$(f):share/bash-completion/completions/$(basename $(notdir $(f)))) \
    $(foreach f,$(wildcard share/completion/_*),$(f):share/zsh/site-functions/$(notdir $(f))) \
    $(foreach f,$(wildcard share/completion/*.fish),$(f):share/fish/vendor_completions.d/$(notdir $(f))) \
    $(foreach f,$(wildcard share/systemd/*),$(f):lib/systemd/system/$(notdir $(f)))

install: all
	@for f in $(FILES); do m=644; [ ! -x "$${f%:*}" ] || m=755; \
	    install -D -m $$m "$${f%:*}" "$(DESTDIR)$(PREFIX)/$${f##*:}" || exit; done
	@mkdir -p "$(DESTDIR)$(PREFIX)/libexec/craton/plugins/action"
	@for f in $(notdir $(PLUGINS)); do ln -sf ../../craton-action \
	    "$(DESTDIR)$(PREFIX)/libexec/craton/plugins/action/$$f" || exit; done
	@for f in $(notdir $(SIMULATED)); do ln -sf ../../../../bin/craton-sim \
	    "$(DESTDIR)$(PREFIX)/libexec/craton/plugins/action/$$f" || exit; done

uninstall:
	@for f in $(FILES); do rm -f "$(DESTDIR)$(PREFIX)/$${f##*:}"; done
	@rm -f $(addprefix "$(DESTDIR)$(PREFIX)"/libexec/craton/plugins/action/,$(notdir $(PLUGINS) $(SIMULATED)))
	@find "$(DESTDIR)$(PREFIX)/share/craton" "$(DESTDIR)$(PREFIX)/libexec/craton" -depth -type d -empty -delete 2>/dev/null || :

-include $(LIB_OBJ:.o=.d) $(UNIT:=.d) $(FUZZ:=.d) $(patsubst %.c,$(BUILD)/obj/%.d,$(wildcard cmd/*/*.c))

clean:
	rm -rf build

.PHONY: all demo demo-cloud bench units fuzzers deps check test check-asan check-valgrind check-fault coverage \
    chaos stress story property fuzz fuzz-short lint install uninstall clean
