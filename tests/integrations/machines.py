#!/usr/bin/env python3
"""Machines whose tasks are passed on to the services at $SFN_TEST_ENDPOINT, each with a check of what became of them.

    machines.py PATH-OF-SFN-SERVER

Needs Python's own library alone.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

SERVICES = os.environ["SFN_TEST_ENDPOINT"]
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
)


def http(url, method="POST", headers=None, body=b"", service="states"):
    headers = {"Authorization": SIGNED.format(service), "X-Amz-Date": "20260101T000000Z", **(headers or {})}
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def states(operation, **body):
    """Asks sfn-server."""
    headers = {"X-Amz-Target": f"AWSStepFunctions.{operation}", "Content-Type": "application/x-amz-json-1.0"}
    return json.loads(http(SERVER, headers=headers, body=json.dumps(body).encode()))


def sqs(operation, **body):
    """Asks the queues, past the machines."""
    headers = {"X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0"}
    return json.loads(http(SERVICES, headers=headers, body=json.dumps(body).encode(), service="sqs"))


def task(resource, parameters, **more):
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True, **more}


def start(state):
    global machines
    machines += 1
    definition = {"StartAt": "T", "States": {"T": state}}
    machine = states(
        "CreateStateMachine",
        name=f"m{machines}",
        roleArn="arn:aws:iam::123456789012:role/r",
        definition=json.dumps(definition),
    )
    return states("StartExecution", stateMachineArn=machine["stateMachineArn"])["executionArn"]


def ended(execution):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = states("DescribeExecution", executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.02)
    raise AssertionError(f"{execution} did not end")


def run(resource, parameters, **more):
    found = ended(start(task(resource, parameters, **more)))
    assert found["status"] == "SUCCEEDED", f"{resource}: {found.get('error')}: {found.get('cause')}"
    return json.loads(found["output"])


def fail(resource, parameters):
    found = ended(start(task(resource, parameters)))
    assert found["status"] == "FAILED", f"{resource}: {found}"
    return found["error"], found["cause"]


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def queue(name):
    return run("aws-sdk:sqs:createQueue", {"QueueName": name})["QueueUrl"]


def received(url):
    found = sqs("ReceiveMessage", QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=1)
    return found["Messages"][0]["Body"]


def sqs_sends_a_message():
    url = queue("plain")
    result = run("sqs:sendMessage", {"QueueUrl": url, "MessageBody": {"hello": "world"}})
    equal(result["SdkHttpMetadata"]["HttpStatusCode"], 200)
    assert result["MessageId"] and result["SdkResponseMetadata"]["RequestId"], result
    equal(json.loads(received(url)), {"hello": "world"})


def sqs_waits_for_a_task_token():
    url = queue("callback")
    execution = start(
        task("sqs:sendMessage.waitForTaskToken", {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}})
    )
    token = json.loads(received(url))["token"]
    states("SendTaskSuccess", taskToken=token, output='"done"')
    equal(json.loads(ended(execution)["output"]), "done")
    events = states("GetExecutionHistory", executionArn=execution)["events"]
    assert "TaskSubmitted" in [event["type"] for event in events], events


def a_callback_that_cannot_be_sent_is_not_submitted():
    queue_url = f"{SERVICES}/000000000000/none"
    parameters = {"QueueUrl": queue_url, "MessageBody": {"token.$": "$$.Task.Token"}}
    execution = start(task("sqs:sendMessage.waitForTaskToken", parameters))
    equal(ended(execution)["error"], "SQS.QueueDoesNotExistException")
    events = states("GetExecutionHistory", executionArn=execution)["events"]
    assert "TaskSubmitFailed" in [event["type"] for event in events], events


def sqs_has_no_such_queue():
    error, cause = fail("sqs:sendMessage", {"QueueUrl": f"{SERVICES}/000000000000/none", "MessageBody": "m"})
    equal(error, "SQS.QueueDoesNotExistException")
    assert "(Service: AmazonSQS; Status Code: 400; " in cause, cause


def sns_publishes_to_a_queue():
    url = queue("subscriber")
    arn = run("aws-sdk:sqs:getQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]})["Attributes"]["QueueArn"]
    topic = run("aws-sdk:sns:createTopic", {"Name": "topic"})["TopicArn"]
    subscribed = run("aws-sdk:sns:subscribe", {"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn})
    assert subscribed["SubscriptionArn"].startswith(topic), subscribed
    attributes = {"kind": {"DataType": "String", "StringValue": "greeting"}}
    result = run("sns:publish", {"TopicArn": topic, "Message": {"hello": "topic"}, "MessageAttributes": attributes})
    assert result["MessageId"], result
    message = json.loads(received(url))
    equal(json.loads(message["Message"]), {"hello": "topic"})
    equal(message["MessageAttributes"]["kind"]["Value"], "greeting")


def sns_has_no_such_topic():
    error, cause = fail("sns:publish", {"TopicArn": "arn:aws:sns:us-east-1:000000000000:none", "Message": "m"})
    equal(error, "SNS.NotFoundException")
    assert "(Service: AmazonSNS; Status Code: 404; Error Code: NotFound" in cause, cause


def dynamodb_keeps_items():
    table = run(
        "aws-sdk:dynamodb:createTable",
        {
            "TableName": "items",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    )["TableDescription"]
    assert table["CreationDateTime"].endswith("Z"), table
    item = {"id": {"S": "a"}, "data": {"M": {"x": {"N": "1"}}}}
    run("dynamodb:putItem", {"TableName": "items", "Item": item})
    got = run("dynamodb:getItem", {"TableName": "items", "Key": {"id": {"S": "a"}}})
    equal(got["Item"], item)
    assert "SdkHttpMetadata" in got, got
    equal(run("aws-sdk:dynamodb:getItem", {"TableName": "items", "Key": {"id": {"S": "a"}}}), {"Item": item})
    condition = {"TableName": "items", "Item": item, "ConditionExpression": "attribute_not_exists(id)"}
    equal(fail("dynamodb:putItem", condition)[0], "DynamoDB.ConditionalCheckFailedException")
    equal(fail("aws-sdk:dynamodb:putItem", condition)[0], "DynamoDb.ConditionalCheckFailedException")


def a_refused_condition_is_caught():
    catch = [{"ErrorEquals": ["DynamoDB.ResourceNotFoundException"], "Next": "Caught"}]
    states_ = {
        "T": {**task("dynamodb:getItem", {"TableName": "none", "Key": {"id": {"S": "a"}}}), "Catch": catch},
        "Caught": {"Type": "Pass", "Result": "caught", "End": True},
    }
    machine = states(
        "CreateStateMachine",
        name="catcher",
        roleArn="arn:aws:iam::123456789012:role/r",
        definition=json.dumps({"StartAt": "T", "States": states_}),
    )
    execution = states("StartExecution", stateMachineArn=machine["stateMachineArn"])["executionArn"]
    equal(json.loads(ended(execution)["output"]), "caught")


def s3_keeps_objects():
    http(f"{SERVICES}/bucket", "PUT", service="s3")
    put = run("aws-sdk:s3:putObject", {"Bucket": "bucket", "Key": "a b/c.json", "Body": {"x": 1}, "Metadata": {"m": "1"}})
    assert put["ETag"].startswith('"'), put
    equal(json.loads(http(f"{SERVICES}/bucket/a%20b/c.json", "GET", body=None, service="s3")), {"x": 1})
    got = run("aws-sdk:s3:getObject", {"Bucket": "bucket", "Key": "a b/c.json"})
    equal(json.loads(got["Body"]), {"x": 1})
    equal((got["ETag"], got["ContentLength"], got["Metadata"]), (put["ETag"], 7, {"m": "1"}))
    assert got["LastModified"].endswith("Z"), got
    equal(run("aws-sdk:s3:headObject", {"Bucket": "bucket", "Key": "a b/c.json"})["ContentLength"], 7)
    copy = {"Bucket": "bucket", "Key": "copy", "CopySource": "bucket/a%20b/c.json"}
    equal(run("aws-sdk:s3:copyObject", copy)["CopyObjectResult"]["ETag"], put["ETag"])
    listed = run("aws-sdk:s3:listObjectsV2", {"Bucket": "bucket"})
    equal([(found["Key"], found["Size"]) for found in listed["Contents"]], [("a b/c.json", 7), ("copy", 7)])
    equal((listed["KeyCount"], listed["IsTruncated"]), (2, False))
    run("aws-sdk:s3:deleteObject", {"Bucket": "bucket", "Key": "copy"})
    error, cause = fail("aws-sdk:s3:getObject", {"Bucket": "bucket", "Key": "copy"})
    equal(error, "S3.NoSuchKeyException")
    assert "(Service: S3, Status Code: 404, Request ID: " in cause, cause


def distributed_maps_read_and_write_objects():
    http(f"{SERVICES}/maps", "PUT", service="s3")
    http(f"{SERVICES}/maps/in/items.json", "PUT", body=b"[1, 2, 3]", service="s3")
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }

    def read(resource, parameters, **more):
        reader = {"Resource": f"arn:aws:states:::s3:{resource}", "Parameters": {"Bucket": "maps", **parameters}, **more}
        return {"Type": "Map", "ItemProcessor": processor, "ItemReader": reader, "End": True}

    items = read("getObject", {"Key": "in/items.json"}, ReaderConfig={"InputType": "JSON"})
    equal(json.loads(ended(start(items))["output"]), [1, 2, 3])
    listed = json.loads(ended(start(read("listObjectsV2", {"Prefix": "in/"})))["output"])
    equal([(found["Key"], found["Size"]) for found in listed], [("in/items.json", 9)])
    assert isinstance(listed[0]["LastModified"], int) and listed[0]["Etag"], listed
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "maps", "Prefix": "out"}}
    result = json.loads(ended(start({**items, "ResultWriter": writer}))["output"])
    key = result["ResultWriterDetails"]["Key"]
    manifest = json.loads(http(f"{SERVICES}/maps/{key}", "GET", body=None, service="s3"))
    equal(manifest["DestinationBucket"], "maps")
    missing = ended(start(read("getObject", {"Key": "none"})))
    equal(missing["error"], "States.ItemReaderFailed")
    assert missing["cause"].startswith("The specified key does not exist."), missing


def events_reach_their_rule():
    url = queue("events")
    arn = run("aws-sdk:sqs:getQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]})["Attributes"]["QueueArn"]
    run("aws-sdk:eventbridge:putRule", {"Name": "rule", "EventPattern": {"source": ["tests"]}})
    run("aws-sdk:eventbridge:putTargets", {"Rule": "rule", "Targets": [{"Id": "1", "Arn": arn}]})
    entry = {"Source": "tests", "DetailType": "greeting", "Detail": {"hello": "bus"}}
    result = run("events:putEvents", {"Entries": [entry]})
    equal(result["FailedEntryCount"], 0)
    assert result["Entries"][0]["EventId"] and "SdkHttpMetadata" not in result, result
    event = json.loads(received(url))
    equal((event["detail-type"], event["detail"]), ("greeting", {"hello": "bus"}))
    assert any(":execution:" in arn for arn in event["resources"]), event


def secrets_are_kept():
    made = run("aws-sdk:secretsmanager:createSecret", {"Name": "secret", "SecretString": {"user": "u"}})
    got = run("aws-sdk:secretsmanager:getSecretValue", {"SecretId": "secret"})
    equal((got["ARN"], json.loads(got["SecretString"])), (made["ARN"], {"user": "u"}))
    assert got["CreatedDate"].endswith("Z"), got


def step_functions_are_the_server_itself():
    error, _ = fail("aws-sdk:sfn:sendTaskSuccess", {"TaskToken": "none", "Output": {}})
    equal(error, "Sfn.InvalidTokenException")
    names = [found["Name"] for found in run("aws-sdk:sfn:listStateMachines", {})["StateMachines"]]
    assert "m1" in names, names


def what_is_not_passed_on_says_how_to_mock_it():
    error, cause = fail("aws-sdk:cloudfront:listDistributions", {})
    equal(error, "States.TaskFailed")
    assert "`cloudfront`" in cause and "help: mock it: " in cause, cause


CASES = [
    sqs_sends_a_message,
    sqs_waits_for_a_task_token,
    a_callback_that_cannot_be_sent_is_not_submitted,
    sqs_has_no_such_queue,
    sns_publishes_to_a_queue,
    sns_has_no_such_topic,
    dynamodb_keeps_items,
    a_refused_condition_is_caught,
    s3_keeps_objects,
    distributed_maps_read_and_write_objects,
    events_reach_their_rule,
    secrets_are_kept,
    step_functions_are_the_server_itself,
    what_is_not_passed_on_says_how_to_mock_it,
]

machines = 0
command = [sys.argv[1], "--port", "0", "--service-endpoint", SERVICES]
server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
try:
    SERVER = server.stdout.readline().split()[-1]
    failed = 0
    for case in CASES:
        try:
            case()
            print(f"ok      {case.__name__}")
        except (AssertionError, KeyError, IndexError, urllib.error.URLError) as error:
            failed += 1
            print(f"FAILED  {case.__name__}: {error!r}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
finally:
    server.terminate()
    server.wait()
sys.exit(1 if failed else 0)
