"""An app of its own, deployed through a proxy of its own: what most suites beside a stand-in begin with.

Step Functions is sfn-server, which keeps versions, heartbeats and redrives as AWS does; everything else, the functions
themselves included, is the stand-in of `tests/stand-in/run`.
"""

import os
import sys
import tempfile
import zipfile

import faults
import harness
from harness import HOST, STATES, Program, Server, check, equal

RELAY, SERVER = sys.argv[1], sys.argv[2]

# The first leg here, the last one on Lambda.
FIRST = f"""
app = "@app@"
[steps]
run = "here"
architecture = "{HOST}"
concurrency = 8
[steps.late]
run = "lambda"
timeout = "30s"
max_concurrency = 20
environment = {{ SFN_TEST_FOLDER = "@folder@" }}
"""

# The other way round.
SECOND = f"""
app = "@app@"
[steps]
run = "here"
architecture = "{HOST}"
concurrency = 8
[steps.early]
run = "lambda"
timeout = "30s"
max_concurrency = 20
environment = {{ SFN_TEST_FOLDER = "@folder@" }}
"""


class Day:
    """An app of its own behind a proxy of its own."""

    def __init__(self, app, config=FIRST, **how):
        self.app = app
        self.server = Server(SERVER)
        self.faults = faults.Faults(harness.SERVICES, {"states": self.server.url, **harness.ELSEWHERE})
        self.folder = tempfile.TemporaryDirectory()
        self.program = Program(RELAY, self.faults.url, self.folder.name, "", app)
        self.configure(config)
        self.zip = os.path.join(self.folder.name, "code.zip")
        self.code = ["--code", self.zip]
        zipped(self.zip)

    def configure(self, config):
        self.program.configure(config.replace("@app@", self.app).replace("@folder@", self.folder.name))

    def calls(self):
        """What the steps have said: which, in which execution, at which attempt, where."""
        path = os.path.join(self.folder.name, "calls")
        return [line.split() for line in open(path)] if os.path.exists(path) else []

    def deploy(self, *more, **how):
        return self.program.call("deploy", *self.code, *more, **how)

    def settled(self):
        """Nothing is left to do, and nothing stands there twice."""
        left = self.faults.calm()[1]
        equal(f"{self.app}: all that was planned went wrong", left, [])
        text = self.deploy()
        check(f"{self.app}: nothing is left to do", "nothing to do" in text, text + self.program.call("plan", *self.code))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.faults.calm()
        self.program.call("destroy", "--yes")
        self.server.close()
        self.faults.close()
        self.folder.cleanup()


def zipped(path, more=b""):
    """A function is this very program, which tells by its environment what it is."""
    entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, f'#!/bin/sh\nexec "{os.path.abspath(RELAY)}"\n')
        if more:
            archive.writestr("more", more)


def has(what, text, *words):
    for word in words:
        check(f"{what}: says `{word}`", word in text, text)
