"""Everything that a deployment may make, made, changed, and removed; and what is not ours, left alone.

    services.py PATH-OF-RELAY PATH-OF-SFN-SERVER [TEST...]
"""

import base64
import hashlib
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

import faults
import harness
from day import Day, has, zipped
from harness import ACCOUNT, HOST, STATES, check, equal, states

# By its key the first stand-in tells whose a resource is.
KEY = os.environ["AWS_ACCESS_KEY_ID"]

ALL = f"""
app = "@app@"
[steps]
run = "here"
architecture = "{HOST}"
[steps.late]
run = "lambda"
max_concurrency = 7
memory = 512
storage = 1024
log_retention = 14
tags = {{ leg = "last" }}
environment = {{ SFN_TEST_FOLDER = "@folder@", COLOUR = "red" }}
[deploy]
tags = {{ team = "relay", cost = "7" }}
log_level = "all"
log_retention = 90
tracing = true
alarms = true
notify = "ops@example.org"
large_retention = 3
[workflows.relay]
schedule = "rate(5 minutes)"
timezone = "Europe/Berlin"
input = '{{"lane": 9, "parked": false}}'
[workflows.stumbling]
event = '{{"source": ["shop"]}}'
log_level = "error"
"""

LESS = f"""
app = "@app@"
[steps]
run = "here"
architecture = "{HOST}"
[steps.late]
run = "lambda"
environment = {{ SFN_TEST_FOLDER = "@folder@" }}
[deploy]
tags = {{ team = "relay" }}
large_retention = 5
"""

if harness.SECOND_JUDGE:
    # moto takes neither storage nor tracing in a change of a function.
    LESS = LESS.replace("[steps.late]\n", "[steps.late]\nstorage = 1024\n").replace("[deploy]\n", "[deploy]\ntracing = true\n")


def ask(service, action=None, target=None, path="/", method="POST", **body):
    """One call of a service of the stand-in, as text."""
    headers = {
        "authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/{service}/aws4_request, "
        "SignedHeaders=host, Signature=0"
    }
    if target:
        headers |= {"x-amz-target": target, "content-type": "application/x-amz-json-1.1"}
        data = json.dumps(body).encode()
    elif action:
        headers["content-type"] = "application/x-www-form-urlencoded"
        data = urllib.parse.urlencode({"Action": action, **body}).encode()
    else:
        headers["content-type"] = "application/json"
        data = json.dumps(body).encode() if body else None
    address = harness.FIRST_JUDGE if service == "monitoring" else harness.SERVICES
    request = urllib.request.Request(address + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return urllib.parse.unquote(answer.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        return f"{error.code} {urllib.parse.unquote(error.read().decode('utf-8', 'replace'))}"


def everything_is_made_changed_and_removed():
    with Day("whole", ALL) as day:
        plan = day.program.json("plan", *day.code)
        kinds = {step["resource"]["kind"] for step in plan["steps"]}
        wanted = "activity alarm bucket function log_group machine role rule schedule schedule_group topic".split()
        equal("all kinds are planned", sorted(kinds), wanted)
        has("everything is made", day.deploy(), f"whole is deployed: {len(plan['steps'])} changes")
        text = day.deploy()
        check("and once", "nothing to do" in text, text + day.program.call("plan", *day.code))
        # Executions begin with all of a deployment or nothing of it: of what runs by itself, only triggers come later.
        aliases = [at for at, call in enumerate(day.faults.calls) if "StateMachineAlias" in call and "Describe" not in call]
        makes = re.compile(r"(lambda|logs|iam):(Create|Put|Publish)|states:Create(Activity|StateMachine$)")
        made = [at for at, call in enumerate(day.faults.calls) if makes.match(call) and "CreateLogGroup" not in call]
        check("aliases move last", max(made) < max(aliases), day.faults.calls)

        # Looked at past the program.
        topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:whole-failures"
        alarm = ask("monitoring", "DescribeAlarms", AlarmNamePrefix="whole-relay-failed")
        has("an alarm", alarm, "ExecutionsFailed", "AWS/States")
        has("its topic", ask("sns", "ListSubscriptionsByTopic", TopicArn=topic), "ops@example.org")
        rule = ask("events", target="AWSEvents.DescribeRule", Name="whole-failures")
        has("a rule", rule, "Step Functions Execution Status Change", "TIMED_OUT", f"{STATES}:stateMachine:relay")
        rule = ask("events", target="AWSEvents.ListTargetsByRule", Rule="whole-stumbling-event")
        has("an event starts the alias", rule, f"{STATES}:stateMachine:stumbling:live", "whole-stumbling-trigger")
        schedule = ask("scheduler", path="/schedules/relay?groupName=whole", method="GET")
        has("a schedule", schedule, "rate(5 minutes)", "Europe/Berlin", f"{STATES}:stateMachine:relay:live", "lane")
        groups = ask("logs", target="Logs_20140328.DescribeLogGroups", logGroupNamePrefix="/aws/")
        groups = {group["logGroupName"]: group.get("retentionInDays") for group in json.loads(groups)["logGroups"]}
        equal("a function's logs", groups.get("/aws/lambda/whole-late"), 14)
        equal("a machine's logs", groups.get("/aws/vendedlogs/states/whole-relay"), 90)
        machine = states("DescribeStateMachine", day.server.url, stateMachineArn=f"{STATES}:stateMachine:relay")
        logging = machine["loggingConfiguration"]
        equal("its level", (logging["level"], machine["tracingConfiguration"]), ("ALL", {"enabled": True}))
        has("its group", json.dumps(logging), "log-group:/aws/vendedlogs/states/whole-relay:*")
        function = json.loads(ask("lambda", path="/2015-03-31/functions/whole-late", method="GET"))
        found = function["Configuration"]
        equal(
            "a function",
            (found["MemorySize"], found["EphemeralStorage"]["Size"], found["TracingConfig"]["Mode"]),
            (512, 1024, "Active"),
        )
        equal("its concurrency", function["Concurrency"]["ReservedConcurrentExecutions"], 7)
        tags = function["Tags"]
        equal("its tags", (tags["team"], tags["cost"], tags["leg"], tags["sfn:app"]), ("relay", "7", "last", "whole"))
        bucket = f"sfn-whole-{ACCOUNT}-us-east-1"
        rules = ask("s3", path=f"/{bucket}?lifecycle", method="GET")
        has("large payloads end", rules, "<Prefix>large/</Prefix>", "<Days>3</Days>")

        # A tag of somebody else's stays.
        arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:whole-late"
        ask("lambda", path=f"/2017-03-31/tags/{urllib.parse.quote(arn, safe='')}", Tags={"audited": "yes"})
        day.configure(LESS)
        plan = day.program.call("plan", *day.code)
        has(
            "a plan of less",
            plan,
            "- alarm ",
            "- rule ",
            "- schedule ",
            "tags.cost: 7 is removed",
            "max_concurrency: 7 is removed",
            "environment.COLOUR: red is removed",
            "memory: 512 → 256",
            "large_retention_days: 3 → 5",
        )
        has("what acts by itself is removed", day.deploy(), "whole is deployed")
        text = day.deploy()
        check("and once", "nothing to do" in text, text + day.program.call("plan", *day.code))
        function = json.loads(ask("lambda", path="/2015-03-31/functions/whole-late", method="GET"))
        tags = function["Tags"]
        equal("tags are gone", ("cost" in tags, "leg" in tags, tags.get("team"), tags.get("audited")), (False, False, "relay", "yes"))
        equal("no concurrency is reserved", function.get("Concurrency", {}).get("ReservedConcurrentExecutions"), None)
        role = ask("iam", "ListRoleTags", RoleName="whole-late-lambda", Version="2010-05-08")
        check("of a role as well", "cost" not in role and "relay" in role and "sfn:region" in role, role)
        machine = states("ListTagsForResource", day.server.url, resourceArn=f"{STATES}:stateMachine:relay")
        names = [tag["key"] for tag in machine["tags"]]
        check("of a state machine as well", "cost" not in names and "team" in names, names)
        has("the schedule is gone", ask("scheduler", path="/schedules/relay?groupName=whole", method="GET"), "404")
        alarms = ask("monitoring", "DescribeAlarms", AlarmNamePrefix="whole-")
        check("the alarms are gone", "whole-relay" not in alarms, alarms)
        text = day.program.call("drain")
        has("what is left is drained", text, "- topic `whole-failures`")

        # All of it goes, and only it.
        ask("logs", target="Logs_20140328.CreateLogGroup", logGroupName="/aws/lambda/whole-somebody-elses")
        text = day.program.call("destroy", "--yes")
        has("all is removed", text, "of whole are removed")
        left = ask("logs", target="Logs_20140328.DescribeLogGroups", logGroupNamePrefix="/aws/lambda/whole")
        left = [group["logGroupName"] for group in json.loads(left)["logGroups"]]
        equal("and nothing else", left, ["/aws/lambda/whole-somebody-elses"])
        has("the bucket is gone", ask("s3", path=f"/{bucket}?lifecycle", method="GET"), "404")


def a_large_zip_goes_through_the_bucket():
    """More than 50 MB: the bucket is made, the zip is brought there once, and Lambda takes it from there."""
    with Day("heavy") as day:
        zipped(day.zip, os.urandom(51 << 20))
        has("it is deployed", day.deploy(), "heavy is deployed")
        code = open(day.zip, "rb").read()
        wanted = base64.b64encode(hashlib.sha256(code).digest()).decode()
        function = json.loads(ask("lambda", path="/2015-03-31/functions/heavy-late", method="GET"))
        equal("the code is there", function["Configuration"]["CodeSha256"], wanted)
        objects = ask("s3", path=f"/sfn-heavy-{ACCOUNT}-us-east-1?list-type=2", method="GET")
        equal("in the bucket once", len(re.findall("<Key>code/", objects)), 1)
        day.settled()
        # The bucket was made, and the deployment ended before it could be tagged.
        day.program.call("destroy", "--yes")
        day.faults.at("s3:PUT bucket tagging", faults.silent(5))
        process = day.program.begin("deploy", *day.code)
        harness.until("the bucket is made", lambda: day.faults.seen("s3:PUT bucket tagging") > 1)
        process.kill()
        process.communicate()
        has("it goes on", day.deploy("--break-lock"), "heavy is deployed")
        day.settled()


def what_is_not_ours_is_not_touched():
    """Each kind, of a name that we want, made by somebody else: all are named, and nothing is changed."""
    with Day("stranger", ALL) as day:
        trust = '{"Version":"2012-10-17","Statement":[]}'
        ask("iam", "CreateRole", RoleName="stranger-relay-sfn", AssumeRolePolicyDocument=trust, Version="2010-05-08")
        ask("logs", target="Logs_20140328.CreateLogGroup", logGroupName="/aws/lambda/stranger-late")
        ask("events", target="AWSEvents.PutRule", Name="stranger-failures", EventPattern='{"source":["x"]}')
        ask("sns", "CreateTopic", Name="stranger-failures")
        role = f"arn:aws:iam::{ACCOUNT}:role/any"
        machine = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
        states("CreateStateMachine", day.server.url, name="relay", roleArn=role, definition=json.dumps(machine))
        day.faults.forget()
        text = day.deploy(code=5)
        for what in ["log group `/aws/lambda/stranger-late`", "role `stranger-relay-sfn`", "state machine `relay`"]:
            has("each is named", text, f"{what} is there, and was not made for `stranger`: it has none of our tags")
        has("each is named", text, "topic `stranger-failures`", "rule `stranger-failures`", "help: rename the app")
        changes = [call for call in day.faults.calls if re.search(r":(Create|Put|Update|Delete|Tag|Publish|POST|PUT)", call)]
        equal("nothing is changed", changes, [])
        # Handed over, they are ours.
        text = day.program.call("destroy", "--yes")
        has("nor removed", text, "nothing of stranger is there")
        ask("iam", "DeleteRole", RoleName="stranger-relay-sfn", Version="2010-05-08")
        ask("logs", target="Logs_20140328.DeleteLogGroup", logGroupName="/aws/lambda/stranger-late")
        ask("events", target="AWSEvents.DeleteRule", Name="stranger-failures")
        ask("sns", "DeleteTopic", TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:stranger-failures")
        states("DeleteStateMachine", day.server.url, stateMachineArn=f"{STATES}:stateMachine:relay")


def a_role_serves_one_region():
    with Day("regions") as day:
        day.deploy()
        text = day.deploy("--region", "eu-west-1", code=5)
        has("another Region", text, "serves `regions` in us-east-1, and is the same in every Region", "help: deploy to us-east-1, or")


if __name__ == "__main__":
    harness.run(
        [
            everything_is_made_changed_and_removed,
            a_large_zip_goes_through_the_bucket,
            what_is_not_ours_is_not_touched,
            a_role_serves_one_region,
        ]
    )
