#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The page of craton-audit report -o html, as a browser shows it: driven in Chromium, and judged by
# axe. One browser for the file, a context of its own for each test.
load helper

# Neither a sandbox nor /dev/shm is sure to be there where tests run; the pages are our own.
setup_file() {
	HOME=$BATS_FILE_TMPDIR chromium --headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu --no-first-run \
		--disable-background-networking --remote-debugging-port=0 \
		--user-data-dir="$BATS_FILE_TMPDIR/profile" about:blank \
		>"$BATS_FILE_TMPDIR/out" 2>&1 3>&- &
	BROWSER_PID=$!
	for ((i = 0; i < 600; i++)); do
		if [ -s "$BATS_FILE_TMPDIR/profile/DevToolsActivePort" ]; then break; fi
		sleep 0.05
	done
	BROWSER=http://127.0.0.1:$(head -n 1 "$BATS_FILE_TMPDIR/profile/DevToolsActivePort") || {
		cat "$BATS_FILE_TMPDIR/out"
		return 1
	}
	export BROWSER BROWSER_PID
}

# What it still writes to its profile would be in the way of whoever removes that.
teardown_file() {
	kill "$BROWSER_PID"
	while kill -0 "$BROWSER_PID" 2>/dev/null; do sleep 0.05; done
}

# Four hosts, each with two findings: one is gone, one is waived, one is new.
prepare() {
	fleet 4
	cat >t.yaml <<-'END'
	audit: hosts-in-order
	title: Memory & disks
	select: kind=host
	coverage: 0%
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 1024, message: "'only ' || ram_gb || ' GB'", remedy: more}
	  - {id: disk, severity: low, expect: disk_gb >= 10}
	examples: {disk: {pass: {disk_gb: 10}}}
	END
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	craton-audit waive compute-0002 --check hosts-in-order/memory -m 'replaced in May'
	export CRATON_NOW=2026-01-03T00:00:00Z
	craton-inv set compute-0003 ram_gb=1024
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
}

# drive CASE [TEXT...]: makes the page, and the case of tests/web/drive.js is so.
drive() {
	craton-audit report -o html >page.html
	NODE_PATH=$ROOT/build/web/node_modules node "$ROOT/tests/web/drive.js" "$BROWSER" page.html "$@"
}

@test "nothing has to be scrolled sideways: on a phone, a tablet, a desktop, on paper" {
	drive fits
}

@test "axe finds nothing: at three widths, in light, in the dark, on paper" {
	drive accessible
}

@test "by keyboard alone: to the filter, to a finding, into it, the focus always in sight" {
	drive keyboard
	drive stops
}

@test "the filter shows what fits as one types, and says how many" {
	drive filter
}

@test "each change and each device leads to its finding, each item and check to all of it" {
	drive links
}

@test "names, values and messages that look like markup are shown, and do nothing" {
	local name='<script>alert(1)</script>' value='"><img src=//example.com/x onerror=alert(2)>'
	craton-inv set compute-0001 "ram_gb=\"$name\"" "note=$(jq -n --arg v "$value" '$v')"
	sed -i "s/'only '.*remedy/coalesce(note, 'a') || ' \& ' || ram_gb\", remedy/" t.yaml
	craton-audit waive compute-0004 -m "</dd><b id=x onload=alert(3)>"
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	drive hostile "$name" "$value" '</dd><b id=x onload=alert(3)>'
}

@test "markup that came in by a fault of ours would run nothing, and load nothing" {
	drive injected
}

@test "a page on which nothing counts, and one of an empty project, are in order" {
	craton-audit waive --all -m 'gone soon'
	drive fits
	drive accessible
	rm -f craton.db*
	fleet 0
	drive fits
	drive accessible
}

@test "without scripts the page is whole but for the filter" {
	drive withoutScript
}
