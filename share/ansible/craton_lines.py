# SPDX-License-Identifier: Apache-2.0
"""What Ansible did, as JSON lines: one a host, and one that says that it came to its end.

With CRATON_ANSIBLE=module a host's line comes with its result; with =play when all is over,
since only then is it known what became of the host in the whole play.
"""
import json
import os

from ansible.plugins.callback import CallbackBase, strip_internal_keys

DOCUMENTATION = r"""
name: craton_lines
type: stdout
short_description: one JSON line a host
description: One JSON line a host, for craton-audit and the action ansible.
"""

# Said twice, or about how it was called.
LEFT_OUT = ("invocation", "stdout_lines", "stderr_lines", "exception", "diff", "warnings",
            "deprecations")


def cleaned(result):
    """A module's result without what only Ansible wants to know."""
    kept = strip_internal_keys(dict(result))
    return {key: value for key, value in kept.items() if key not in LEFT_OUT}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "craton_lines"

    def __init__(self):
        super().__init__()
        self.is_play = os.environ.get("CRATON_ANSIBLE") == "play"
        self.hosts = {}

    def line(self, **record):
        print(json.dumps(record, default=str), flush=True)

    def note(self, result, status):
        name, module = result._host.get_name(), cleaned(result._result)
        task = result._task.get_name()
        if not self.is_play:
            self.line(kind="host", host=name, status=status, result=module)
            return
        host = self.hosts.setdefault(name, {"changes": [], "failures": []})
        if status == "unreachable":
            host["unreachable"] = str(module.get("msg", ""))
        elif status == "failed":
            host["failures"].append({"task": task, "msg": str(module.get("msg", ""))})
        elif module.get("changed"):
            host["changes"].append(task)
        if status == "ok":
            host["last"] = module
        self.line(kind="progress", host=name, task=task, status=status)

    def v2_runner_on_ok(self, result):
        self.note(result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.note(result, "ok" if ignore_errors else "failed")

    def v2_runner_on_unreachable(self, result):
        self.note(result, "unreachable")

    def v2_runner_on_skipped(self, result):
        self.note(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        for name in sorted(stats.processed) if self.is_play else ():
            host = dict(self.hosts.get(name, {"changes": [], "failures": []}))
            summary = stats.summarize(name)
            unreachable = host.pop("unreachable", None)
            host.update({"ok": summary["ok"], "changed": summary["changed"],
                         "failed": summary["failures"], "skipped": summary["skipped"],
                         "rescued": summary["rescued"], "ignored": summary["ignored"]})
            status = "unreachable" if summary["unreachable"] else "ok"
            if status == "unreachable":
                host = {"msg": unreachable or ""}
            self.line(kind="host", host=name, status=status, result=host)
        self.line(kind="end")
