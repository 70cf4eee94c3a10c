"""The pizza deployed, moved in both directions with executions in flight, drained and destroyed.

Started by `deploy`, which builds the program and starts the stand-in. Needs nothing but Python: the program under test
is the only client. The functions are a small program in Python, since what is tested is how they are deployed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile

PROGRAM = os.path.abspath(sys.argv[1])
HERE = "tests/stand-in/here.toml"
MOVED = "tests/stand-in/lambda.toml"
ENV = dict(os.environ, AWS_ENDPOINT_URL=os.environ["SFN_TEST_ENDPOINT"], NO_COLOR="1")
ORDER = "@examples/pizza/order.json"

BOOTSTRAP = """#!/usr/bin/env python3
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
step = os.environ["SFN_STEP"]
while True:
    with urllib.request.urlopen(api + "next") as got:
        id, event = got.headers["Lambda-Runtime-Aws-Request-Id"], json.load(got)
    order = event["input"]["order"]
    out = {"make_sauce": {"grams": 120}, "make_dough": {"table": order["table"], "diameterCm": 32}}[step]
    answer = urllib.request.Request(api + id + "/response", json.dumps(out).encode(), method="POST")
    urllib.request.urlopen(answer).read()
"""

passed = failed = 0


def check(what, right, seen=""):
    global passed, failed
    if right:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}\n{seen}", file=sys.stderr)


def call(*arguments, code=0):
    done = subprocess.run([PROGRAM, *arguments], env=ENV, capture_output=True, text=True, timeout=300)
    check(f"{' '.join(arguments)} ends with {code}", done.returncode == code, done.stdout + done.stderr)
    return done.stdout if code == 0 else done.stderr


def zipped(path, program):
    """The same bytes for the same program."""
    entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, program)
    return path


class Workers:
    """Worker processes, which overlap as in a rolling restart. One that is told to stop finishes what it has."""

    def __init__(self):
        self.all = []

    def work(self, config):
        log = tempfile.TemporaryFile("w+")
        for old in self.all:
            old.terminate()
        arguments = [PROGRAM, "work", "--config", config, "-v"]
        self.all.append(subprocess.Popen(arguments, env=ENV, stdout=log, stderr=log))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self.all:
            worker.kill()
            worker.wait()


def start(config, count):
    return [
        call("start", "make-pizza", "--input", ORDER, "--config", config, "--name", f"order-{config[-8:-5]}-{n}").strip()
        for n in range(count)
    ]


def outcomes(executions, config, seconds=240):
    """The status of each, when all have ended."""
    end = time.monotonic() + seconds
    while True:
        time.sleep(2)
        found = [json.loads(call("status", arn, "--json", "--config", config)) for arn in executions]
        if all(one["status"] != "RUNNING" for one in found) or time.monotonic() > end:
            return found


def ran_once(execution, config):
    """Whether each state of an execution was entered as often as the order asks."""
    events = json.loads(call("history", execution, "--json", "--config", config))
    entered = {}
    for event in events:
        if event.get("event", event.get("kind", "")).endswith("StateEntered"):
            name = event.get("state")
            entered[name] = entered.get(name, 0) + 1
    return entered


with tempfile.TemporaryDirectory() as folder:
    code = zipped(os.path.join(folder, "code.zip"), BOOTSTRAP)
    newer = zipped(os.path.join(folder, "newer.zip"), BOOTSTRAP + "# newer\n")
    at = lambda config, zip=code: ["--config", config, "--code", zip]

    text = call("plan", *at(HERE))
    check("a plan from nothing", "14 to create" in text, text)
    text = call("deploy", *at(HERE))
    check("everything is made", "pizzeria is deployed: 14 changes" in text, text)
    text = call("deploy", *at(HERE))
    check("a second deployment does nothing", "nothing to do" in text, text)
    plan = json.loads(call("plan", "--json", *at(HERE)))
    check("and so says the plan", plan["changes"] is False)

    with Workers() as workers:
        # Executions begin under the first placement, and end after the step has moved.
        workers.work(HERE)
        first = start(HERE, 4)
        text = call("deploy", *at(MOVED))
        check("the steps move", "may be needed by executions in flight" in text, text)
        # The stand-in tells the present definition of every execution, so that nothing seems to be needed by those in
        # flight; AWS tells that of the version they began with.
        text = call("drain", "--dry-run", "--config", MOVED)
        check("drain tells what is left", "function `pizzeria-make_sauce`" in text, text)
        workers.work(MOVED)
        second = start(MOVED, 4)
        ended = outcomes(first + second, MOVED)
        for one in ended:
            check(f"{one['execution']} succeeds", one["status"] == "SUCCEEDED", json.dumps(one, indent=1))
        for arn in first + second:
            entered = ran_once(arn, MOVED)
            often = {name: count for name, count in entered.items() if name != "prepare_ingredient" and count > 1}
            check(f"{arn} enters each state once", not often, often)
        text = call("drain", "--config", MOVED)
        check("drain removes the old function", "function `pizzeria-make_sauce`" in text, text)
        check("drain removes the old activity", "activity `pizzeria-make_dough-" in text, text)
        text = call("drain", "--config", MOVED)
        check("a second drain finds nothing", "nothing is left" in text, text)

        # New code: executions keep the version they began with.
        text = call("deploy", *at(MOVED, newer))
        check("new code is a new version", "changes" in text, text)
        text = call("deploy", *at(MOVED, newer))
        check("once", "nothing to do" in text, text)

        # And back.
        call("deploy", *at(HERE, newer))
        workers.work(HERE)
        third = [call("start", "make-pizza", "--input", ORDER, "--config", HERE, "--name", "back-again").strip()]
        for one in outcomes(third, HERE):
            check("a moved-back step serves", one["status"] == "SUCCEEDED", json.dumps(one, indent=1))
        call("drain", "--config", HERE)
        listed = json.loads(call("list", "make-pizza", "--json", "--config", HERE))
        check("all are listed", len(listed) == 9, listed)

    # What is not ours is not touched.
    text = call("deploy", *at(HERE, newer), "--env", "prd", code=3)
    check("an unknown profile", "no profile is named `prd`" in text, text)
    ENV["SFN_APP"] = "trattoria"
    text = call("deploy", *at(HERE, newer), code=5)
    check("a foreign state machine", "was not made for `trattoria`" in text and "sfn:app=pizzeria" in text, text)
    del ENV["SFN_APP"]

    text = call("destroy", "--config", HERE, code=2)
    check("destroy asks", "--yes" in text, text)
    text = call("destroy", "--config", HERE, "--yes")
    check("destroy removes", "of pizzeria are removed" in text, text)
    text = call("destroy", "--config", HERE, "--yes")
    check("and then there is nothing", "nothing of pizzeria is there" in text, text)

    # Bad days.
    bad = dict(ENV)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        bad.pop(name, None)
    kept, ENV = ENV, bad
    text = call("plan", *at(HERE), code=3)
    check("without credentials", "credentials are missing" in text and "aws sso login" in text, text)
    ENV = dict(kept, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    text = call("plan", *at(HERE), code=5)
    check("nobody answers", "was not answered" in text and "--region" in text, text)
    ENV = kept

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
