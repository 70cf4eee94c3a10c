"""Steps that move while executions are in flight, workers that die, and the commands that one operates with.

    moving.py PATH-OF-RELAY PATH-OF-SFN-SERVER [TEST...]
"""

import collections
import json
import os
import time
import urllib.parse
import urllib.request

import harness
from day import FIRST, RELAY, SECOND, Day, has
from harness import STATES, Program, Workers, check, equal, in_threads, plain, states, until

COUNT = 200
HERE = 'app = "@app@"\n'


def input_of(lane, parked=False):
    return json.dumps({"lane": lane, "parked": parked})


class Flight:
    """Executions that are under way together, each put down on its way until the test takes it up."""

    def __init__(self, day, name):
        self.day, self.name = day, name
        self.names = [f"{name}-{number}" for number in range(COUNT)]
        live = f"{STATES}:stateMachine:relay:live"
        self.arns = in_threads(
            COUNT,
            lambda number: states(
                "StartExecution",
                day.server.url,
                stateMachineArn=live,
                name=self.names[number],
                input=input_of(number, parked=True),
            )["executionArn"],
        )

    def parked(self):
        tokens = os.path.join(self.day.folder.name, "tokens")

        def ready():
            found = set(os.listdir(tokens)) if os.path.isdir(tokens) else set()
            return found.issuperset(self.names)

        until(f"all of {self.name} are parked", ready, 180)

    def go_on(self):
        folder = os.path.join(self.day.folder.name, "tokens")

        def answer(number):
            token = open(os.path.join(folder, self.names[number])).read()
            states("SendTaskSuccess", self.day.server.url, taskToken=token, output="true")

        in_threads(COUNT, answer)

    def end(self):
        """All succeed, with the output that is theirs."""

        def ended():
            found = in_threads(COUNT, lambda n: states("DescribeExecution", self.day.server.url, executionArn=self.arns[n]))
            return all(one["status"] != "RUNNING" for one in found) and found

        found = until(f"all of {self.name} end", ended, 240, 1)
        bad = [one for number, one in enumerate(found) if one.get("output") != f'"lane {number} is through"']
        equal(f"of {self.name}, so many did not succeed", (len(bad), bad[:1]), (0, []))

    def ran_once(self, places):
        """Each step was called once for each, where it stood when the execution began; and each state was entered once."""
        calls = collections.Counter(
            (step, name, place) for step, name, _, place in self.day.calls() if name.startswith(f"{self.name}-")
        )
        wanted = collections.Counter((step, name, places[step]) for name in self.names for step in places)
        equal(f"{self.name}: each step is called once", (calls - wanted, wanted - calls), (collections.Counter(),) * 2)

        def entered(number):
            events = states("GetExecutionHistory", self.day.server.url, executionArn=self.arns[number], maxResults=1000)
            found = collections.Counter()
            for event in events["events"]:
                if event["type"].endswith("StateEntered"):
                    found[event["stateEnteredEventDetails"]["name"]] += 1
            return found

        expected = collections.Counter(["early", "baton.parked", "park", "late", "return"])
        for number, found in enumerate(in_threads(COUNT, entered)):
            if not all(found[name] == 1 for name in ("early", "park", "late")) or max(found.values()) > 1:
                check(f"{self.names[number]} enters each state once", False, (found, expected))
                return
        check(f"{self.name}: each state is entered once", True)


def steps_move_under_load():
    """200 executions in flight while the steps move, and 200 while they move back; then what only they needed is removed."""
    with Day("moving", FIRST) as day, Workers(day.program) as workers:
        first_config = day.program.config + ".first"
        os.link(day.program.config, first_config)
        day.deploy()
        workers.work(config=first_config)
        first = Flight(day, "first")
        first.parked()

        os.unlink(first_config)
        with open(first_config, "w") as file:
            file.write(open(day.program.config).read())
        day.configure(SECOND)
        text = day.deploy()
        has("the steps move", text, "may be needed by executions in flight: `drain` removes it")
        second_config = day.program.config
        workers.work(config=second_config)
        second = Flight(day, "second")
        second.parked()

        # What the first ones need is there, and drain says so. One without waiting removes nothing of it.
        text = day.program.call("drain", "--dry-run")
        has("drain looks", text, f"function `moving-late`: needed by {COUNT} executions")
        check("drain looks at activities", f"activity `moving-early-" in text and f"needed by {COUNT} executions" in text, text)
        text = day.program.call("drain", "--no-wait")
        has("drain does not wait", text, f"o function `moving-late`: needed by {COUNT} executions")
        policy = role_policy("moving-relay-sfn")
        has("the role may call both", policy, "function:moving-late:*", "function:moving-early:*")
        # And one that waits, while they end.
        draining = day.program.begin("drain")
        line = draining.stderr.readline()
        equal("drain waits", line, "waiting for executions in flight:\n")
        first.go_on()
        first.end()
        first.ran_once({"early": "here", "park": "here", "late": "lambda"})
        out, err = draining.communicate(timeout=120)
        check("drain ends", draining.returncode == 0, out + err)
        has("drain removes", out, "- function `moving-late`", "- activity `moving-early-", "- role `moving-late-lambda`")
        has("and what only the old version was", out, "- state machine `relay` version 1")
        policy = role_policy("moving-relay-sfn")
        check("the role may call what is there", "moving-late" not in policy and "moving-early:*" in policy, policy)
        has("a second drain", day.program.call("drain"), "nothing is left")

        # And back, with the second ones in flight: their last leg is an activity that no new execution uses.
        day.configure(FIRST)
        has("the steps move back", day.deploy(), "may be needed by executions in flight")
        workers.work()
        third = [
            states(
                "StartExecution",
                day.server.url,
                stateMachineArn=f"{STATES}:stateMachine:relay:live",
                name=f"third-{number}",
                input=input_of(number),
            )["executionArn"]
            for number in range(5)
        ]
        second.go_on()
        second.end()
        second.ran_once({"early": "lambda", "park": "here", "late": "here"})
        for arn in third:
            end = until("the third end", lambda: ended(day, arn))
            equal(arn, end["status"], "SUCCEEDED")
        places = {(step, place) for step, name, _, place in day.calls() if name.startswith("third-")}
        equal("the third run where it says now", places, {("early", "here"), ("late", "lambda")})
        out = day.program.call("drain")
        has("drain after the way back", out, "- function `moving-early`", "- activity `moving-late-")


def role_policy(role):
    """The inline policy of a role."""
    query = urllib.parse.urlencode(
        {"Action": "GetRolePolicy", "Version": "2010-05-08", "RoleName": role, "PolicyName": "flow"}
    )
    request = urllib.request.Request(
        harness.SERVICES,
        query.encode(),
        {
            "content-type": "application/x-www-form-urlencoded",
            "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, "
            "SignedHeaders=host, Signature=0",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return urllib.parse.unquote(answer.read().decode())


def ended(day, arn):
    found = states("DescribeExecution", day.server.url, executionArn=arn)
    return found["status"] != "RUNNING" and found


def a_worker_dies_in_mid_task():
    """Its heartbeats cease, the task ends by its time-out, and the retrier hands it to another worker."""
    with Day("dying", HERE) as day, Workers(day.program) as workers:
        day.deploy()
        first = workers.work()
        arn = day.program.call("start", "stumbling", "--input", input_of(3), "--name", "one").strip()
        until("the task is begun", lambda: ["stumble", "one", "1", "here"] in day.calls())
        # Longer than the heartbeat allows: as long as it lives, the worker keeps the task.
        time.sleep(4)
        equal("a living worker keeps it", states("DescribeExecution", day.server.url, executionArn=arn)["status"], "RUNNING")
        first.kill()
        first.wait()
        workers.work()
        end = until("it ends", lambda: ended(day, arn), 60)
        equal("it succeeds all the same", (end["status"], end.get("output")), ("SUCCEEDED", "3"))
        equal("at the second attempt", day.calls(), [["stumble", "one", str(n), "here"] for n in (1, 2)])
        kinds = [event["type"] for event in json.loads(day.program.call("history", "stumbling/one", "--json"))]
        equal("its first attempt timed out", kinds.count("ActivityTimedOut"), 1)


def executions_are_operated():
    """start, status, history, list, stop, redrive and answer; names as AWS has them."""
    with Day("operated", HERE) as day, Workers(day.program) as workers:
        program = day.program
        day.deploy()
        workers.work()
        parked = program.call("start", "relay", "--input", input_of(1, True), "--name", "order-17")
        again = program.call("start", "relay", "--input", input_of(1, True), "--name", "order-17")
        equal("the same name and input is the same execution", again, parked)
        text = program.call("start", "relay", "--input", input_of(2, True), "--name", "order-17", code=2)
        has("another input", text, "error: there is an execution named `order-17` already")
        found = program.json("status", "relay/order-17")
        equal("it runs", (found["status"], found["execution"]), ("RUNNING", parked.strip()))
        found = program.json("stop", "relay/order-17", "--error", "Gone", "--cause", "the guest has left")
        equal("it is stopped", (found["status"], found["error"], found["cause"]), ("ABORTED", "Gone", "the guest has left"))

        broken = os.path.join(day.folder.name, "broken")
        open(broken, "w").close()
        text = program.call("start", "relay", "--input", input_of(3), "--name", "order-18", "--wait", code=1)
        os.unlink(broken)
        found = program.json("status", "relay/order-18")
        equal("it fails", (found["status"], found["error"]), ("FAILED", "RelayError.Broken"))
        has("and is listed", program.call("list", "relay", "--status", "failed"), "order-18  FAILED")
        program.call("redrive", "relay/order-18")
        end = until("it ends", lambda: ended(day, f"{STATES}:execution:relay:order-18"))
        equal("redriven, it succeeds", end["status"], "SUCCEEDED")
        calls = [call[:2] for call in day.calls() if call[1] == "order-18"]
        equal("from where it failed", calls, [["early", "order-18"], ["late", "order-18"], ["late", "order-18"]])
        text = program.call("redrive", "relay/order-18", code=5)
        has("what has succeeded is not redriven", text, "error: Execution is SUCCEEDED and cannot be redriven")
        text = program.call("status", "relay/order-99", code=5)
        has("an unknown one", text, "error: Execution Does Not Exist", "order-99")
        text = program.call("history", "relay/order-99", code=5)
        has("an unknown one's history", text, "error: Execution Does Not Exist", "order-99")


def the_same_is_said_everywhere():
    """A stand-in's Step Functions, sfn-server's, and the engine in the process: one look."""
    said = []
    with Day("alike", HERE) as day:
        # The stand-in itself, without the proxy and without sfn-server.
        direct = Program(RELAY, harness.SERVICES, day.folder.name, "", "alike")
        direct.config = day.program.config
        for program in (day.program, direct):
            program.call("deploy", *day.code)
            with Workers(program) as workers:
                workers.work()
                program.call("start", "relay", "--input", input_of(4), "--name", "alike", "--wait")
                said.append(
                    {
                        "status": plain(program.call("status", "relay/alike")),
                        "status --json": {
                            key: value if key not in ("started", "stopped") else "TIME"
                            for key, value in program.json("status", "relay/alike").items()
                        },
                        "history --states": plain(program.call("history", "relay/alike", "--states")),
                        "list": plain(program.call("list", "relay")),
                    }
                )
        record = os.path.join(day.folder.name, "record.json")
        day.program.call("run", "relay", "--input", input_of(4), "--save-history", record)
        local = plain(day.program.call("history", record, "--states"))
        for what in said[0]:
            equal(f"`{what}` is the same on both", said[0][what], said[1][what])
        equal("and in the process", local, said[0]["history --states"])
        direct.call("destroy", "--yes")


if __name__ == "__main__":
    harness.run([steps_move_under_load, a_worker_dies_in_mid_task, executions_are_operated, the_same_is_said_everywhere])
