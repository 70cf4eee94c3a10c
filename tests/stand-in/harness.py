"""What the suites beside a stand-in share: the program as it is called, its workers, and Step Functions asked directly.

Needs nothing but Python's own library.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

FIRST_JUDGE = os.environ["SFN_TEST_ENDPOINT"]
# With `second`, moto answers instead, but for what it does not speak.
SECOND_JUDGE = os.environ.get("SFN_TEST_SECOND")
SERVICES = SECOND_JUDGE or FIRST_JUDGE
ELSEWHERE = {"cloudwatch": FIRST_JUDGE}
ACCOUNT = "123456789012" if SECOND_JUDGE else "000000000000"
STATES = f"arn:aws:states:us-east-1:{ACCOUNT}"
HOST = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"

passed = failed = 0
only = sys.argv[3:]


def check(what, right, seen=""):
    global passed, failed
    if right:
        passed += 1
        return True
    failed += 1
    print(f"FAILED {what}\n{seen}", file=sys.stderr, flush=True)
    return False


def equal(what, found, expected):
    return check(what, found == expected, f"  found    {found!r}\n  expected {expected!r}")


def finish():
    print(f"{passed} passed, {failed} failed", flush=True)
    # Threads of proxies may still hold a poll open.
    os._exit(1 if failed else 0)


def run(tests):
    """Runs functions, those alone that the command line names, if it names any."""
    for test in tests:
        if only and test.__name__ not in only:
            continue
        start = time.monotonic()
        try:
            test()
        except Exception as error:
            import traceback

            check(f"{test.__name__} comes to its end", False, "".join(traceback.format_exception(error)))
        print(f"ok: {test.__name__.replace('_', ' ')} ({time.monotonic() - start:.0f} s)", flush=True)
    finish()


def states(operation, url=None, **body):
    """Asks Step Functions itself."""
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": f"AWSStepFunctions.{operation}",
        "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    request = urllib.request.Request(url or SERVICES, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def until(what, ready, seconds=120, pause=0.2):
    """Waits until something is so, and gives it."""
    end = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Server:
    """sfn-server on a port of its own: Step Functions as AWS has it, with the functions of the stand-in."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "--port", "0", "--account", ACCOUNT, "--lambda-endpoint", SERVICES],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().split()[-1]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Program:
    """A program under test, in a folder of its own, at some address."""

    def __init__(self, path, url, folder, config="", app="relay"):
        self.path, self.folder = os.path.abspath(path), folder
        self.env = dict(os.environ, AWS_ENDPOINT_URL=url, NO_COLOR="1", SFN_TEST_FOLDER=folder)
        self.config = os.path.join(folder, f"{app}.toml")
        self.configure(config)

    def configure(self, text):
        with open(self.config, "w") as file:
            file.write(text)

    def begin(self, *arguments, env=None):
        return subprocess.Popen(
            [self.path, *arguments, "--config", self.config],
            env=dict(self.env, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, *arguments, code=0, env=None, seconds=400):
        """What it prints: on standard output when all is well, else on standard error."""
        process = self.begin(*arguments, env=env)
        out, err = process.communicate(timeout=seconds)
        words = " ".join(arguments)
        check(f"`{words}` ends with {code}", process.returncode == code, f"it ended with {process.returncode}\n{out}{err}")
        return out if code == 0 else err

    def json(self, *arguments, **how):
        return json.loads(self.call(*arguments, "--json", **how))


class Workers:
    """Worker processes, which overlap as in a rolling restart. One that is told to stop finishes what it has."""

    def __init__(self, program):
        self.program, self.all = program, []
        self.logs = []

    def work(self, *arguments, config=None, keep=False, env=None):
        """Starts a worker; those before it are told to stop, unless they are kept."""
        if not keep:
            for old in self.all:
                old.terminate()
        log = tempfile.TemporaryFile("w+")
        self.logs.append(log)
        process = subprocess.Popen(
            [self.program.path, "work", "-v", *arguments, "--config", config or self.program.config],
            env=dict(self.program.env, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self.all.append(process)
        return process

    def said(self):
        text = ""
        for log in self.logs:
            log.seek(0)
            text += log.read()
        return text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self.all:
            worker.kill()
            worker.wait()


def plain(text):
    """Text without what differs from run to run: times, ids, hashes, ports."""
    text = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "ID", text)
    text = re.sub(r"\b\d+(\.\d+)?(ms|s)\b|\b\d+m\d+s\b", "SPAN", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    # Columns are as wide as what stands in them.
    return re.sub(r" {2,}", "  ", text)


def in_threads(count, work):
    """Does something for each number up to `count`, some at once; gives what came of it, in order."""
    found = [None] * count
    numbers = iter(range(count))
    lock = threading.Lock()

    def one():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            found[number] = work(number)

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
