#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same fleet for TaskFlow: an unordered flow of hosts, five tasks in order on each, which
do nothing. peer_taskflow.py memory|sqlite:///FILE HOSTS; prints what its parts took, in CPU seconds."""
import sys
import time

from taskflow import engines, task
from taskflow.patterns import linear_flow, unordered_flow
from taskflow.persistence import backends
from taskflow.utils import persistence_utils


class Nothing(task.Task):
    def execute(self):
        pass


def fleet(hosts):
    flow = unordered_flow.Flow("fleet")
    for h in range(hosts):
        steps = [Nothing(f"{h}/{s}") for s in range(5)]
        flow.add(linear_flow.Flow(f"host-{h}").add(*steps))
    return flow


def load(store, flow):
    if store == "memory":
        return engines.load(flow, engine="serial")
    backend = backends.fetch({"connection": store})
    backend.get_connection().upgrade()
    book, detail = persistence_utils.temporary_flow_detail(backend)
    return engines.load(flow, engine="serial", backend=backend, book=book, flow_detail=detail)


def main():
    engine = load(sys.argv[1], fleet(int(sys.argv[2])))
    for part in engine.compile, engine.prepare, engine.run:
        began = time.process_time()
        part()
        print(part.__name__, f"{time.process_time() - began:.2f}")


main()
