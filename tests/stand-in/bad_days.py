"""Deploying, working and starting through a proxy that refuses, delays, loses and forgets.

    bad_days.py PATH-OF-RELAY PATH-OF-SFN-SERVER [TEST...]
"""

import json
import signal
import time

import faults
import harness
from day import Day, has, zipped
from harness import STATES, Workers, check, equal, states, until

# A deployment, and what AWS does to it.


def aws_is_late():
    """A role that nobody knows yet, a function that is not ready, things that were made and are not found."""
    with Day("late") as day:
        at = day.faults.at
        at("lambda:CreateFunction", faults.role_unknown_to_lambda, faults.role_unknown_to_lambda, faults.in_conflict)
        at("lambda:GetFunctionConfiguration", faults.not_there_yet, faults.pending, faults.pending, faults.updating)
        at("lambda:PublishVersion", faults.in_conflict)
        at("iam:PutRolePolicy", faults.not_there_yet, faults.not_there_yet)
        at("logs:PutRetentionPolicy", faults.not_there_yet)
        at("states:CreateStateMachine", faults.role_unknown_to_states, faults.role_unknown_to_states)
        at("states:CreateStateMachineAlias", faults.not_there_yet)
        text = day.deploy()
        has("aws_is_late", text, "late is deployed")
        day.settled()


def answers_are_lost():
    """Everything that makes something is done, and the answer is lost: nothing is made twice."""
    with Day("lost") as day:
        for call in ["iam:CreateRole", "iam:PutRolePolicy", "logs:CreateLogGroup", "states:CreateActivity"]:
            day.faults.at(call, faults.unanswered)
        for call in ["lambda:CreateFunction", "lambda:PublishVersion", "lambda:PutFunctionConcurrency"]:
            day.faults.at(call, faults.cut_short)
        for call in ["states:CreateStateMachine$", "states:CreateStateMachineAlias"]:
            day.faults.at(call, faults.unanswered)
        has("answers_are_lost", day.deploy(), "lost is deployed")
        day.settled()
        for name in ["relay", "stumbling"]:
            found = states("ListStateMachineVersions", day.server.url, stateMachineArn=f"{STATES}:stateMachine:{name}")
            equal(f"{name} has one version", len(found["stateMachineVersions"]), 1)


def storms():
    """One call in five goes wrong: deploy, work and start come to their end, and each step runs as often as it shall."""
    for seed in (1, 2, 3):
        with Day(f"storm{seed}") as day:
            day.faults.storm(seed, 0.2)
            has("a storm", day.deploy(seconds=600), "is deployed")
            names = [f"run-{number}" for number in range(5)]
            with Workers(day.program) as workers:
                workers.work()
                baton = json.dumps({"lane": 1, "parked": False})
                for name in names:
                    started = day.program.call("start", "relay", "--name", name, "--input", baton).strip()
                    equal("a start names its execution", started, f"{STATES}:execution:relay:{name}")
                arns = [f"{STATES}:execution:relay:{name}" for name in names]

                def ended():
                    found = [states("DescribeExecution", day.server.url, executionArn=arn) for arn in arns]
                    return all(one["status"] != "RUNNING" for one in found) and found

                for one in until("the executions end", ended, 180):
                    equal(one["name"], (one["status"], one.get("output")), ("SUCCEEDED", '"lane 1 is through"'))
            injected, _ = day.faults.calm()
            check("there was a storm", sum(injected.values()) > 10, injected)
            # A report whose answer was lost is sent again, and the step is not run again for it.
            early = [call[:2] for call in day.calls() if call[0] == "early"]
            equal("each first leg was run once", sorted(early), sorted(["early", name] for name in names))
            day.settled()


def nobody_answers():
    """A call that is never answered ends by its time-out, and the next one does it."""
    with Day("silent") as day:
        day.faults.at("iam:CreateRole", faults.silent(60))
        start = time.monotonic()
        has("a silent service", day.deploy(), "silent is deployed")
        took = time.monotonic() - start
        check("a call is given up before long", took < 55, took)
        day.settled()


def refused():
    """What AWS refuses for good is told: what, why, and what helps. What is done stays, and is not done again."""
    with Day("refused") as day:
        day.faults.at("sts:GetCallerIdentity", faults.says("ExpiredToken", "The security token included in the request is expired", 403))
        text = day.deploy(code=3)
        has("expired", text, "the credentials are missing or not valid", "ExpiredToken", "help: ", "aws sso login")

        day.faults.at(
            "sts:GetCallerIdentity",
            faults.says("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403),
        )
        text = day.deploy(code=3)
        has("a Region that does not exist", text, "scoped to a valid region", "--region")

        arn = f"arn:aws:lambda:us-east-1:{harness.ACCOUNT}:function:refused-late"
        who = f"User: arn:aws:iam::{harness.ACCOUNT}:user/bob is not authorized to perform: "
        because = " because no identity-based policy allows the "
        day.faults.at(
            "lambda:CreateFunction",
            faults.says("AccessDeniedException", f"{who}lambda:CreateFunction on resource: {arn}{because}lambda:CreateFunction action", 403),
        )
        text = day.deploy(code=5)
        has(
            "denied",
            text,
            "error: function `refused-late`: `lambda:CreateFunction` is not allowed",
            "note: done: log group `/aws/lambda/refused-late`",
            "note: not done: function `refused-late`, state machine `relay`",
            f'help: have this allowed to the credentials in use: {{ "Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "{arn}" }}',
        )
        role = f"arn:aws:iam::{harness.ACCOUNT}:role/sfn/refused/refused-late-lambda"
        day.faults.at(
            "lambda:CreateFunction",
            faults.says("AccessDeniedException", f"{who}iam:PassRole on resource: {role}{because}iam:PassRole action", 403),
        )
        text = day.deploy(code=5)
        has("denied to pass a role", text, f'"Action": "iam:PassRole", "Resource": "{role}"')
        check("only what was left is tried", "note: done" not in text, text)

        # The account has too little concurrency left: the function is there, and what is left is found.
        day.faults.at(
            "lambda:PutFunctionConcurrency",
            faults.says(
                "InvalidParameterValueException",
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
                "below its minimum value of [100].",
            ),
        )
        text = day.deploy(code=5)
        has("no concurrency", text, "UnreservedConcurrentExecution", "lower `max_concurrency`")
        has("and then it goes on", day.deploy(), "refused is deployed: ")
        day.settled()

        # A service that is down for longer than we wait.
        day.faults.at("sts:GetCallerIdentity", *[faults.dropped] * 12)
        text = day.deploy(code=5)
        has("out of reach", text, "`sts:GetCallerIdentity` was not answered", "help: check the Region")
        day.faults.calm()


def nobody_is_there():
    """No credentials, nothing at the address, a profile that does not exist, nobody to ask."""
    with Day("nobody") as day:
        none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
        for command in (["plan", *day.code], ["deploy", *day.code], ["drain"], ["destroy", "--yes"]):
            text = day.program.call(*command, code=3, env=none)
            has("without credentials", text, "the credentials are missing or not valid", "help: log in (`aws sso login`)")
        baton = json.dumps({"lane": 1, "parked": False})
        text = day.program.call("start", "relay", "--input", baton, code=3, env=none)
        has("a start without credentials", text, "the credentials are missing or not valid", "help: log in (`aws sso login`)")
        nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
        text = day.program.call("plan", *day.code, code=5, env=nowhere)
        has("nobody answers", text, "`sts:GetCallerIdentity` was not answered", "--region")
        text = day.deploy("--env", "prd", code=3)
        has("an unknown profile", text, "no profile is named `prd`")
        day.deploy()
        text = day.program.call("destroy", code=2)
        has("destroy asks", text, "nobody is there to ask", "help: say `--yes`")
        account = {"SFN_DEPLOY__ACCOUNT": "999999999999"}
        text = day.deploy(code=3, env=account)
        has("another account", text, f"account {harness.ACCOUNT}, and `account` says 999999999999", "--profile")


def operating_goes_wrong():
    """start, status and history through what passes; and what does not pass, told."""
    with Day("operating") as day, Workers(day.program) as workers:
        day.deploy()
        workers.work()
        baton = json.dumps({"lane": 1, "parked": False})
        day.faults.at("states:StartExecution", faults.throttled, faults.unanswered, faults.broken, faults.cut_short)
        day.faults.at("states:GetExecutionHistory", faults.dropped, faults.cut_short)
        day.faults.at("states:GetActivityTask", faults.throttled, faults.dropped, faults.broken)
        day.faults.at("states:SendTaskSuccess", faults.dropped, faults.unanswered, faults.throttled)
        # Without a name of ours, the same draw is asked for again: it is started once.
        text = day.program.call("start", "relay", "--input", baton, "--wait", "--json")
        equal("it succeeds", json.loads(text)["status"], "SUCCEEDED")
        equal("it was started once", len(day.program.json("list", "relay")), 1)
        equal("and each step ran once", [call[0] for call in day.calls()], ["early", "late"])
        arn = json.loads(text)["execution"]
        equal("its history is read", len(json.loads(day.program.call("history", arn, "--json"))) > 5, True)
        equal("all that was planned went wrong", day.faults.calm()[1], [])

        machine = f"{STATES}:stateMachine:relay:live"
        denial = (
            f"User: arn:aws:iam::{harness.ACCOUNT}:user/bob is not authorized to perform: states:StartExecution on "
            f"resource: {machine} because no identity-based policy allows the states:StartExecution action"
        )
        day.faults.at("states:StartExecution", faults.says("AccessDeniedException", denial))
        text = day.program.call("start", "relay", "--input", baton, code=5)
        has("a denied start", text, "states:StartExecution", machine, "help: ")
        day.faults.at("states:DescribeExecution", faults.says("ExpiredTokenException", "The security token included in the request is expired"))
        text = day.program.call("status", arn, code=3)
        has("an expired token", text, "the credentials are not valid: The security token included in the request is expired", "help: ")
        day.faults.at("states:DescribeExecution", *[faults.dropped] * 3)
        text = day.program.call("status", arn, code=5)
        has("out of reach", text, "the service cannot be reached", "help: check the Region")
        day.faults.calm()


def interrupted():
    """Ctrl-C and SIGTERM at each step: the lock is given back, and the next deployment does the rest."""
    for number, (call, sign) in enumerate(
        [
            ("logs:CreateLogGroup", signal.SIGINT),
            ("iam:PutRolePolicy", signal.SIGTERM),
            ("states:CreateActivity", signal.SIGINT),
            ("lambda:GetFunctionConfiguration", signal.SIGTERM),
            ("lambda:PublishVersion", signal.SIGINT),
            ("states:CreateStateMachineAlias", signal.SIGTERM),
        ]
    ):
        with Day(f"interrupted{number}") as day:
            day.faults.at(call, *([faults.fine] if call == "logs:CreateLogGroup" else []), faults.silent(3))
            process = day.program.begin("deploy", *day.code)
            until(f"{call} is called", lambda: day.faults.seen(call) > (call == "logs:CreateLogGroup"))
            process.send_signal(sign)
            out, err = process.communicate(timeout=60)
            equal(f"interrupted at {call}", process.returncode, 130)
            has(f"interrupted at {call}", err, "interrupted", "deploy again")
            has(f"resumed after {call}", day.deploy(), "is deployed: ")
            day.settled()


def locked():
    """Two deployments at once: one waits its turn or goes, and one that was killed leaves a lock that says whose it is."""
    with Day("locked") as day:
        day.faults.at("iam:CreateRole", faults.silent(4))
        first = day.program.begin("deploy", *day.code)
        until("the first one is at work", lambda: day.faults.seen("iam:CreateRole"))
        text = day.deploy(code=5)
        has("two at once", text, "another deployment of `locked` is under way, by ", f"process {first.pid}", "--break-lock")
        first.communicate(timeout=120)
        equal("the first one ends well", first.returncode, 0)
        day.settled()

        zipped(day.zip, b"newer")
        day.faults.at("lambda:UpdateFunctionCode", faults.silent(30))
        killed = day.program.begin("deploy", *day.code)
        until("it is at work", lambda: day.faults.seen("lambda:UpdateFunctionCode"))
        killed.kill()
        killed.communicate()
        text = day.deploy(code=5)
        has("a stale lock", text, f"process {killed.pid}", "if it was killed, say `--break-lock`")
        has("a stale lock is broken", day.deploy("--break-lock"), "locked is deployed: 2 changes")
        day.settled()


if __name__ == "__main__":
    harness.run([aws_is_late, answers_are_lost, storms, nobody_answers, refused, nobody_is_there, operating_goes_wrong, interrupted, locked])
