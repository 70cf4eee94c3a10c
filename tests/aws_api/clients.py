"""Drives the server at $AWS_ENDPOINT_URL by boto3; run by `clients` beside it."""

import json
import socket
import threading

import boto3
from botocore.config import Config

DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"by": "boto3"}, "End": True}}})
ROLE = "arn:aws:iam::123456789012:role/r"

# SDKs put `sync-` before the host of two operations. `sync-127.0.0.1` is no address, and no resolver knows `sync-localhost`
# everywhere: both lead here, as they would with a line in the hosts file.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: resolve(host.removeprefix("sync-"), *rest, **named)


def ended(sfn, arn):
    while True:
        found = sfn.describe_execution(executionArn=arn)
        if found["status"] != "RUNNING":
            return found


def check(sfn, name):
    machine = sfn.create_state_machine(name=name, definition=DEFINITION, roleArn=ROLE)["stateMachineArn"]
    pages = sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 1})
    assert name in [item["name"] for page in pages for item in page["stateMachines"]]
    assert sfn.describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"
    started = sfn.start_execution(stateMachineArn=machine, input="{}")
    assert ended(sfn, started["executionArn"])["output"] == '{"by":"boto3"}'
    events = sfn.get_execution_history(executionArn=started["executionArn"])["events"]
    assert [event["type"] for event in events][-1] == "ExecutionSucceeded"
    assert events[0]["executionStartedEventDetails"]["roleArn"] == ROLE
    executions = sfn.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]
    assert len(executions) == 1

    activity = sfn.create_activity(name=name)["activityArn"]
    works = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": activity, "End": True}}}
    machine = sfn.create_state_machine(name=name + "-works", definition=json.dumps(works), roleArn=ROLE)["stateMachineArn"]

    def work():
        task = sfn.get_activity_task(activityArn=activity, workerName="w")
        sfn.send_task_heartbeat(taskToken=task["taskToken"])
        sfn.send_task_success(taskToken=task["taskToken"], output=json.dumps({"did": json.loads(task["input"])}))

    worker = threading.Thread(target=work)
    worker.start()
    started = sfn.start_execution(stateMachineArn=machine, input="[1]")
    worker.join()
    assert json.loads(ended(sfn, started["executionArn"])["output"]) == {"did": [1]}

    express = sfn.create_state_machine(name=name + "-express", definition=DEFINITION, roleArn=ROLE, type="EXPRESS")
    sync = sfn.start_sync_execution(stateMachineArn=express["stateMachineArn"], input="{}")
    assert (sync["status"], sync["output"]) == ("SUCCEEDED", '{"by":"boto3"}'), sync
    tested = sfn.test_state(definition='{"Type":"Succeed"}', input="[2]", roleArn=ROLE, inspectionLevel="DEBUG")
    assert (tested["status"], tested["output"]) == ("SUCCEEDED", "[2]"), tested

    version = sfn.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    assert sfn.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"] == routing
    try:
        sfn.delete_state_machine_version(stateMachineVersionArn=version)
        raise AssertionError("a version that an alias leads to was deleted")
    except sfn.exceptions.ConflictException:
        pass
    try:
        sfn.describe_execution(executionArn=started["executionArn"] + "x")
        raise AssertionError("an unknown execution was found")
    except sfn.exceptions.ExecutionDoesNotExist as error:
        assert error.response["Error"]["Message"].startswith("Execution Does Not Exist: '")
    stopped = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    assert sfn.stop_execution(executionArn=stopped, error="E", cause="C")["stopDate"]
    assert ended(sfn, stopped)["status"] == "ABORTED"


check(boto3.client("stepfunctions", config=Config(inject_host_prefix=False)), "plain")
check(boto3.client("stepfunctions", config=Config(inject_host_prefix=True)), "prefixed")
# Who has this endpoint alone asks it for the account.
assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
