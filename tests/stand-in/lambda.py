"""Steps as Lambda functions: of a stand-in, called by a state machine, and then, from the same zip, under the emulator of
`cargo lambda watch`. What comes back, and how errors look.

Called by `tests/stand-in/lambda` with the program that is to be the bootstrap, and with cargo-lambda.
"""

import base64
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
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


def zipped(program):
    """The zip holds a script, since the program itself is a large build for tests."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, f'#!/bin/sh\nexec "{program}" --exact bootstrap --nocapture\n')
    return packed.getvalue()


def function(code, step):
    """A function of that step."""
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
            "Code": {"ZipFile": base64.b64encode(code).decode()},
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
        raise SystemExit(f"{what}\n  found    {found!r}\n  expected {expected!r}\n0 passed, 1 failed")
    global passed
    passed += 1
    print(f"ok: {what}")


class Emulator:
    """`cargo lambda watch` on loopback, and the bootstrap of a zip for each step, as it would have started them.

    It builds nothing here (`--only-lambda-apis`): what is under test is what is in the zip. It knows functions by the binaries
    of the project that it stands in.
    """

    def __init__(self, program, code, steps):
        self.folder = tempfile.TemporaryDirectory()
        root = pathlib.Path(self.folder.name)
        (root / "src" / "bin").mkdir(parents=True)
        (root / "Cargo.toml").write_text('[package]\nname = "functions"\nversion = "0.0.0"\n[workspace]\n')
        for step in steps:
            (root / "src" / "bin" / f"{step}.rs").write_text("fn main() {}\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            archive.extract("bootstrap", root)
        (root / "bootstrap").chmod(0o755)
        address = f"127.0.0.1:{self.port}"
        self.log = open(root / "log", "w+")
        watch = [program, "lambda", "watch", "--only-lambda-apis", "--ignore-changes", "-A", "127.0.0.1", "-P", str(self.port)]
        self.all = [subprocess.Popen(watch, cwd=root, stdout=self.log, stderr=self.log)]
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)
        for step in steps:
            env = dict(os.environ, SFN_STEP=step, AWS_LAMBDA_RUNTIME_API=f"http://{address}/.rt/{step}",
                       AWS_LAMBDA_FUNCTION_NAME=step, AWS_LAMBDA_FUNCTION_VERSION="1", AWS_LAMBDA_FUNCTION_MEMORY_SIZE="128")
            self.all.append(subprocess.Popen([root / "bootstrap"], cwd=root, env=env, stdout=self.log, stderr=self.log))

    def invoke(self, step, given):
        """The status and the body of the answer."""
        event = {"input": given, "context": {"execution": "arn:x", "name": "order-17", "state": step, "attempt": 0}}
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/{step}/invocations"
        request = urllib.request.Request(url, json.dumps(event).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        for process in self.all:
            process.terminate()
            process.wait()
        if failure:
            self.log.seek(0)
            print(self.log.read(), file=sys.stderr)
        self.log.close()
        self.folder.cleanup()


def emulated(program, code):
    with Emulator(program, code, ["bake", "weigh"]) as emulator:
        found = emulator.invoke("bake", {"pizza": {"diameter_cm": 32}})
        check("cargo lambda: a result", found, (200, "32 cm, baked at 250 in order-17, attempt 1"))
        found = emulator.invoke("bake", {"pizza": {"diameter_cm": 90}})
        expected = {"errorType": "OvenError.TooLarge", "errorMessage": "90 cm do not fit"}
        check("cargo lambda: an error has the step's own name", found, (500, expected))
        status, found = emulator.invoke("weigh", {"grams": 3000})
        check("cargo lambda: so has an error with data", (status, found["errorType"]), (500, "ScaleError.Over"))
        check("cargo lambda: its data", json.loads(found["errorMessage"])["data"], {"grams": 3000})
        status, found = emulator.invoke("weigh", {"grams": "many"})
        check("cargo lambda: a bad input", (status, found["errorType"]), (500, "Sfn.BadInput"))
        check("cargo lambda: and after it the next", emulator.invoke("weigh", {"grams": 3}), (200, 3))


passed = 0


def main():
    code = zipped(os.path.abspath(sys.argv[1]))
    bake, weigh = function(code, "bake"), function(code, "weigh")

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

    emulated(os.path.abspath(sys.argv[2]), code)
    print(f"{passed} passed, 0 failed")


main()
