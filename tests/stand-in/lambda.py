"""Steps as Lambda functions of a stand-in, called by a state machine: what comes back, and how errors look.

Called by `tests/stand-in/lambda` with the program that is to be the bootstrap.
"""

import base64
import io
import json
import os
import sys
import time
import urllib.request
import zipfile

ENDPOINT = os.environ["SFN_TEST_ENDPOINT"]
ROLE = "arn:aws:iam::000000000000:role/any"


def call(service, path, body, target=None):
    """One request of the AWS protocol. The stand-in looks at no signature, only at whose it would be."""
    headers = {
        "content-type": "application/x-amz-json-1.0" if target else "application/json",
        "authorization": "AWS4-HMAC-SHA256 "
        f"Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0",
    }
    if target:
        headers["x-amz-target"] = target
    request = urllib.request.Request(ENDPOINT + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def states(operation, body):
    return call("states", "/", body, f"AWSStepFunctions.{operation}")


def function(program, step):
    """A function of that step. The zip holds a script, since the program itself is a large build for tests."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, f'#!/bin/sh\nexec "{program}" --exact bootstrap --nocapture\n')
    made = call(
        "lambda",
        "/2015-03-31/functions",
        {
            "FunctionName": f"pizzeria-{step}",
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Role": ROLE,
            "Timeout": 60,
            "Environment": {"Variables": {"SFN_STEP": step}},
            "Code": {"ZipFile": base64.b64encode(packed.getvalue()).decode()},
        },
    )
    return made["FunctionArn"]


def run(name, arn, given):
    """The end of an execution that calls one function as our definitions do."""
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "step",
        "States": {
            "step": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {
                    "FunctionName": arn,
                    "Payload": {
                        "input": "{% $states.input %}",
                        "context": {
                            "execution": "{% $states.context.Execution.Id %}",
                            "name": "{% $states.context.Execution.Name %}",
                            "state": "{% $states.context.State.Name %}",
                            "attempt": "{% $states.context.State.RetryCount %}",
                        },
                    },
                },
                "Output": "{% $states.result.Payload %}",
                "End": True,
            }
        },
    }
    made = states(
        "CreateStateMachine", {"name": name, "roleArn": ROLE, "definition": json.dumps(machine)}
    )
    started = states(
        "StartExecution",
        {"stateMachineArn": made["stateMachineArn"], "name": "order-17", "input": json.dumps(given)},
    )
    for _ in range(600):
        end = states("DescribeExecution", {"executionArn": started["executionArn"]})
        if end["status"] != "RUNNING":
            return end
        time.sleep(0.1)
    raise SystemExit(f"{name} has not ended within a minute")


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}\n  found    {found!r}\n  expected {expected!r}")
    print(f"ok: {what}")


def main():
    program = os.path.abspath(sys.argv[1])
    bake, weigh = function(program, "bake"), function(program, "weigh")

    end = run("bake", bake, {"pizza": {"diameter_cm": 32}})
    check("a result is the bare value", end.get("output"), '"32 cm, baked at 250 in order-17, attempt 1"')

    end = run("bake-too-large", bake, {"pizza": {"diameter_cm": 90}})
    check("an error has the step's own name", end.get("error"), "OvenError.TooLarge")
    cause = json.loads(end["cause"])
    check("its cause is Lambda's answer", cause["errorMessage"], "90 cm do not fit")

    end = run("weigh", weigh, {"grams": 3000})
    check("so has an error with data", end.get("error"), "ScaleError.Over")
    cause = json.loads(json.loads(end["cause"])["errorMessage"])
    check("its data arrives", cause, {"message": "3000 g are too much", "data": {"grams": 3000}})

    end = run("bake-badly", bake, {"pizza": {"diameter_cm": "wide"}})
    check("an input that does not fit is named", end.get("error"), "Sfn.BadInput")


main()
