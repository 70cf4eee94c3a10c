"""Large values in S3: put there and fetched by workers and functions, and what is said when that does not go well.

    large.py PATH-OF-LARGE PATH-OF-SFN-SERVER [TEST...]

Step Functions is sfn-server, since states of 256 KiB are its rule; S3 and the functions are the stand-in of
`tests/stand-in/run`. The functions are the program that is deployed, started by a script: its zip would take minutes to build.
"""

import hashlib
import http.server
import json
import os
import re
import sys
import tempfile
import threading
import urllib.request
import zipfile

import harness
from harness import ACCOUNT, HOST, Program, Server, Workers, check, equal, states

LARGE, SERVER = sys.argv[1], sys.argv[2]
BUCKET = f"sfn-library-{ACCOUNT}-us-east-1"
CONFIG = f"""
app = "library"
[steps]
run = "here"
architecture = "{HOST}"
[steps.number_pages]
run = "lambda"
timeout = "40s"
[deploy]
large_retention = 3
"""
PAGES = 400


def s3(method, path, body=None):
    """Asks the stand-in's S3 itself."""
    authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    url = f"{harness.SERVICES}/{BUCKET}{path}"
    request = urllib.request.Request(url, body, {"authorization": authorization}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def stored():
    """The keys of all that is stored."""
    return re.findall(r"<Key>([^<]+)</Key>", s3("GET", "?list-type=2").decode())


def history(arn):
    return json.dumps(states("GetExecutionHistory", SERVER.url, executionArn=arn, maxResults=1000)["events"])


def ended(workflow, given, name, code=0):
    """An execution at its end. `start` takes values alone; with a reference, the service is asked itself."""
    if isinstance(given, dict):
        machine = f"{harness.STATES}:stateMachine:{workflow}"
        arn = states("StartExecution", SERVER.url, stateMachineArn=machine, name=name, input=json.dumps(given))["executionArn"]
        describe = lambda: states("DescribeExecution", SERVER.url, executionArn=arn)
        harness.until(f"{workflow} {name} ends", lambda: describe()["status"] != "RUNNING", seconds=60)
        found = describe()
        equal(f"{workflow} {name}", found["status"], "FAILED" if code else "SUCCEEDED")
        return dict(found, output=json.loads(found.get("output", "null")))
    process = PROGRAM.begin("start", workflow, "--input", json.dumps(given), "--name", name, "--wait", "--json", env=STORE)
    told, err = process.communicate(timeout=120)
    check(f"{workflow} {name} ends with {code}", process.returncode == code, f"it ended with {process.returncode}\n{told}{err}")
    return json.loads(told or "{}")


def all_is_removed():
    PROGRAM.call("destroy", "--yes")
    SERVER.close()


def a_bucket_is_made_for_them():
    text = PROGRAM.call("plan", *CODE)
    check("the plan has the bucket", f"+ bucket         {BUCKET}  code and large payloads" in text, text)
    PROGRAM.call("deploy", *CODE)
    rules = s3("GET", "?lifecycle").decode()
    check("what is large is removed after a while", "<Days>3</Days>" in rules and "<Prefix>large/</Prefix>" in rules, rules)
    text = PROGRAM.call("deploy", *CODE)
    check("a second deployment does nothing", "nothing to do" in text, text)


def states_carry_references():
    with Workers(PROGRAM) as workers:
        workers.work(env=STORE)
        found = ended("book", 2, "small")
        equal("a small book is counted", found.get("output"), 2 * 1_002)
        equal("and nothing of it is stored", stored(), [])
        found = ended("book", PAGES, "large")
        # Ten numbers of one digit, ninety of two, the rest of three; and a space.
        equal("a large book is counted", found.get("output"), PAGES * 1_001 + 10 + 90 * 2 + (PAGES - 100) * 3)
        text = history(found["execution"])
        check("no state saw a page", "xxxx" not in text and "sfn:stored" in text, text[:2000])
        keys = stored()
        equal("two values are stored: the worker's, and the function's", len(keys), 2)
        for key in keys:
            equal(f"{key} is named for what it is", key, f"large/{hashlib.sha256(s3('GET', '/' + key)).hexdigest()}")
        ended("book", PAGES, "again")
        equal("the same value is one object", len(stored()), 2)
        found = ended("manuscript", PAGES, "out")
        check("an output is a reference", list(found.get("output", {})) == ["sfn:stored"], str(found)[:500])
        return found["output"]


def what_is_stored_is_verified():
    with Workers(PROGRAM) as workers:
        workers.work(env=STORE)
        reference = ended("manuscript", PAGES, "reference")["output"]
        key = f"/large/{reference['sfn:stored']['sha256']}"
        equal("a worker follows a reference", ended("count", reference, "whole").get("output"), PAGES * 1_000)
        numbered = ended("number", reference, "whole").get("output", {})
        check("so does a function", "sfn:stored" in numbered, str(numbered)[:500])

        s3("PUT", key, b'["forged"]')
        found = ended("count", reference, "changed", code=1)
        equal("a worker refuses what was changed", (found.get("error"), found.get("cause")),
              ("Sfn.Store", f"object `{key[7:]}` of the bucket `{BUCKET}` is not what was put there: its checksum differs"))
        found = ended("number", reference, "changed", code=1)
        equal("so does a function", (found.get("error"), json.loads(found.get("cause") or "{}").get("errorMessage")),
              ("Sfn.Store", f"object `{key[7:]}` of the bucket `{BUCKET}` is not what was put there: its checksum differs"))

        s3("DELETE", key)
        found = ended("count", reference, "gone", code=1)
        equal("a worker misses what is gone", (found.get("error"), found.get("cause")),
              ("Sfn.Store", f"the bucket `{BUCKET}` has no object `{key[7:]}`"))
        found = ended("number", reference, "gone", code=1)
        equal("so does a function", (found.get("error"), json.loads(found.get("cause") or "{}").get("errorMessage")),
              ("Sfn.Store", f"the bucket `{BUCKET}` has no object `{key[7:]}`"))
        forged = {"sfn:stored": {"sha256": "../../etc/passwd", "bytes": 1}}
        found = ended("count", forged, "forged", code=1)
        equal("a key is a checksum", (found.get("error"), found.get("cause")),
              ("Sfn.Store", "a reference to a large value has no legal checksum"))


def without_a_store_it_is_said():
    reference = {"sfn:stored": {"sha256": "0" * 64, "bytes": 400_000}}
    with Workers(PROGRAM) as workers:
        workers.work()
        found = ended("count", reference, "nowhere", code=1)
        equal("a worker without a store says so", found.get("error"), "Sfn.BadInput")
        check("and what to do", "set `SFN_BUCKET` to the bucket that `deploy` made" in (found.get("cause") or ""), found)
        found = ended("manuscript", PAGES, "nowhere", code=1)
        equal("what it cannot put away is too large", found.get("error"), "Sfn.TooLarge")
    with Workers(PROGRAM) as workers:
        workers.work(env={"SFN_BUCKET": "nobody-s-bucket"})
        found = ended("manuscript", PAGES, "elsewhere", code=1)
        equal("a bucket that is not there", found.get("error"), "Sfn.Store")
        check("is named", "the bucket `nobody-s-bucket` could not take an object" in (found.get("cause") or ""), found)


class Denies(http.server.BaseHTTPRequestHandler):
    """S3 as it answers those who may not list a bucket and ask for what is not there."""

    def do_GET(self):
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("content-type", "application/xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def what_may_not_be_read_may_be_gone():
    reference = {"sfn:stored": {"sha256": "0" * 64, "bytes": 400_000}}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Denies) as denies, Workers(PROGRAM) as workers:
        threading.Thread(target=denies.serve_forever, daemon=True).start()
        workers.work(env={**STORE, "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{denies.server_port}"})
        found = ended("count", reference, "denied", code=1)
        equal("both are said", (found.get("error"), found.get("cause")), ("Sfn.Store",
              f"the bucket `{BUCKET}` does not give object `{'0' * 64}`: it was removed, or this program may not read it"))
        denies.shutdown()


def what_is_not_large_has_a_bound():
    with Workers(PROGRAM) as workers:
        workers.work(env=STORE)
        equal("some pages fit", len(ended("poster", 200, "some").get("output") or []), 200)
        found = ended("poster", PAGES, "many", code=1)
        equal("many do not", found.get("error"), "Sfn.TooLarge")
        equal("the cause says how many bytes", found.get("cause"), TOO_LARGE)
    with open(os.path.join(PROGRAM.folder, "large.json"), "w") as file:
        json.dump({"sfn:large": ["x" * 300_000]}, file)
    text = PROGRAM.call("start", "count", "--input", f"@{file.name}", code=2)
    equal("nor does such an input", harness.plain(text), INPUT_TOO_LARGE)


TOO_LARGE = ("step `print_pages` returned 401201 bytes of JSON, and a state carries at most 262144; wrap what is large in `Large`, "
             "which keeps it in a store")
INPUT_TOO_LARGE = "error: the input has 300018 bytes, and an execution takes 262144 at most\n"


with tempfile.TemporaryDirectory() as folder:
    SERVER = Server(SERVER)
    STORE = {"SFN_BUCKET": BUCKET}
    PROGRAM = Program(LARGE, harness.SERVICES, folder, CONFIG, "library")
    PROGRAM.env["AWS_ENDPOINT_URL_SFN"] = SERVER.url
    CODE = ["--code", os.path.join(folder, "code.zip")]
    entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(CODE[1], "w") as archive:
        archive.writestr(entry, f'#!/bin/sh\nAWS_ENDPOINT_URL={harness.SERVICES} exec "{os.path.abspath(LARGE)}"\n')
    harness.run([
        a_bucket_is_made_for_them,
        states_carry_references,
        what_is_stored_is_verified,
        without_a_store_it_is_said,
        what_may_not_be_read_may_be_gone,
        what_is_not_large_has_a_bound,
        all_is_removed,
    ])
