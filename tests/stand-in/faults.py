"""What stands between a program and AWS on a bad day: a proxy on loopback that refuses, delays, loses and forgets.

It is deterministic: what goes wrong is either said call by call (`Faults.at`), or drawn from a seed (`Faults.storm`), by what
is called and how often it was called before, so that the order in which threads arrive does not matter.

Some services may stand somewhere else than the others: they have addresses of their own.
"""

import hashlib
import http.client
import http.server
import json
import re
import socket
import struct
import threading
import time
import urllib.parse

# Lambda's operations, by method and path.
LAMBDA = [
    ("POST", r"/functions$", "CreateFunction"),
    ("GET", r"/functions/?$", "ListFunctions"),
    ("GET", r"/functions/[^/]+$", "GetFunction"),
    ("DELETE", r"/functions/[^/]+$", "DeleteFunction"),
    ("GET", r"/functions/[^/]+/configuration$", "GetFunctionConfiguration"),
    ("PUT", r"/functions/[^/]+/configuration$", "UpdateFunctionConfiguration"),
    ("PUT", r"/functions/[^/]+/code$", "UpdateFunctionCode"),
    ("GET", r"/functions/[^/]+/versions$", "ListVersionsByFunction"),
    ("POST", r"/functions/[^/]+/versions$", "PublishVersion"),
    ("PUT", r"/functions/[^/]+/concurrency$", "PutFunctionConcurrency"),
    ("DELETE", r"/functions/[^/]+/concurrency$", "DeleteFunctionConcurrency"),
    ("POST", r"/functions/[^/]+/invocations$", "Invoke"),
    ("POST", r"/tags/", "TagResource"),
    ("DELETE", r"/tags/", "UntagResource"),
]
SCHEDULER = [
    ("GET", r"/schedule-groups/", "GetScheduleGroup"),
    ("POST", r"/schedule-groups/", "CreateScheduleGroup"),
    ("DELETE", r"/schedule-groups/", "DeleteScheduleGroup"),
    ("GET", r"/schedules$", "ListSchedules"),
    ("GET", r"/schedules/", "GetSchedule"),
    ("POST", r"/schedules/", "CreateSchedule"),
    ("PUT", r"/schedules/", "UpdateSchedule"),
    ("DELETE", r"/schedules/", "DeleteSchedule"),
    ("GET", r"/tags/", "ListTagsForResource"),
    ("POST", r"/tags/", "TagResource"),
    ("DELETE", r"/tags/", "UntagResource"),
]
# Of what is in the query of a call of S3, what tells the operation.
BUCKETS = ["tagging", "lifecycle", "publicAccessBlock", "delete", "list-type", "location", "versioning"]
TARGETS = {"AWSStepFunctions": "states", "Logs_20140328": "logs", "AWSEvents": "events"}
QUERIES = {"monitoring": "cloudwatch"}


class Call:
    """One request."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        plain, _, query = path.partition("?")
        self.plain = urllib.parse.unquote(plain)
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("authorization", ""))
        self.region, service = scope.groups() if scope else ("", "")
        self.service = QUERIES.get(service, service)
        self.operation = self._operation(service, query)

    def _operation(self, service, query):
        target = self.headers.get("x-amz-target", "")
        if target:
            prefix, _, operation = target.partition(".")
            self.service = TARGETS.get(prefix, self.service)
            return operation
        if "/operation/" in self.plain:
            return self.plain.rsplit("/", 1)[1]
        tables = {"lambda": LAMBDA, "scheduler": SCHEDULER}
        if service in tables:
            for method, pattern, operation in tables[service]:
                if method == self.method and re.search(pattern, self.plain):
                    return operation
            return f"{self.method} {self.plain}"
        if service == "s3":
            kind = "object" if self.plain.strip("/").count("/") else "bucket"
            part = next((part for part in BUCKETS if part in query), "")
            return " ".join(filter(None, [self.method, kind, part]))
        action = re.search(rb"(?:^|&)Action=([^&]+)", self.body)
        return action.group(1).decode() if action else f"{self.method} {self.plain}"

    @property
    def name(self):
        return f"{self.service}:{self.operation}"

    @property
    def text(self):
        """What the call is about, as far as it can be read."""
        return urllib.parse.unquote_plus(self.path + " " + self.body.decode("utf-8", "replace"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def ok(self):
        return self.status < 400


class Lost(Exception):
    """No answer comes: the connection ends, after so much of one."""

    def __init__(self, partial=b""):
        self.partial = partial


def cbor(pairs):
    """A small map of texts, as CBOR."""

    def text(value):
        raw = value.encode()
        return (bytes([0x60 + len(raw)]) if len(raw) < 24 else b"\x79" + struct.pack(">H", len(raw))) + raw

    return bytes([0xA0 + len(pairs)]) + b"".join(text(key) + text(value) for key, value in pairs.items())


def refused(call, code, message, status=400):
    """An error in the words of the protocol that the service speaks."""
    if call.headers.get("smithy-protocol") == "rpc-v2-cbor":
        headers = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
        return Answer(status, headers, cbor({"__type": f"com.amazonaws#{code}", "message": message}))
    if call.service in ("states", "logs", "events"):
        body = json.dumps({"__type": code, "message": message}).encode()
        return Answer(status, {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body)
    if call.service in ("lambda", "scheduler"):
        body = json.dumps({"Message": message, "message": message}).encode()
        return Answer(status, {"content-type": "application/json", "x-amzn-errortype": code}, body)
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if call.service == "s3":
        body = b"" if call.method == "HEAD" else f"<Error>{inner}</Error>".encode()
        return Answer(status, {"content-type": "application/xml"}, body)
    body = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error><RequestId>r</RequestId></ErrorResponse>"
    return Answer(status, {"content-type": "text/xml"}, body.encode())


# What can go wrong. Each is given the call and what has it done, and gives the answer or loses it.


def throttled(call, forward):
    codes = {"lambda": ("TooManyRequestsException", 429), "s3": ("SlowDown", 503), "iam": ("Throttling", 400)}
    code, status = codes.get(call.service, ("ThrottlingException", 400))
    return refused(call, code, "Rate exceeded", status)


def broken(call, forward):
    return Answer(500, {}, b"")


def away(call, forward):
    return Answer(503, {"content-type": "text/html"}, b"<html>Service Unavailable</html>")


def dropped(call, forward):
    """The connection ends before anything is done."""
    raise Lost


def unanswered(call, forward):
    """It is done, and nobody hears of it."""
    forward()
    raise Lost


def cut_short(call, forward):
    """It is done, and half of the answer comes."""
    answer = forward()
    head = f"HTTP/1.1 {answer.status} OK\r\nContent-Length: {len(answer.body) + 20}\r\n\r\n".encode()
    raise Lost(head + answer.body[: len(answer.body) // 2])


def silent(seconds):
    """Nothing comes for so long."""

    def fault(call, forward):
        time.sleep(seconds)
        raise Lost

    return fault


def says(code, message, status=400):
    """The service refuses in these words. `{name}` in them is what `of` finds in the call."""

    def fault(call, forward):
        return refused(call, code, message, status)

    return fault


def fine(call, forward):
    return forward()


def pending(call, forward):
    """A function that is not ready yet."""
    answer = forward()
    if answer.ok:
        found = json.loads(answer.body)
        found["State"], found["StateReasonCode"] = "Pending", "Creating"
        found["StateReason"] = "The function is being created."
        answer.body = json.dumps(found).encode()
    return answer


def updating(call, forward):
    """A function that is being changed."""
    answer = forward()
    if answer.ok:
        found = json.loads(answer.body)
        found["LastUpdateStatus"], found["LastUpdateStatusReasonCode"] = "InProgress", "Creating"
        answer.body = json.dumps(found).encode()
    return answer


role_unknown_to_lambda = says(
    "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."
)
role_unknown_to_states = says(
    "AccessDeniedException",
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
    "provided role.",
)
in_conflict = says(
    "ResourceConflictException",
    "The operation cannot be performed at this time. An update is in progress for resource",
    409,
)

NOT_FOUND = {
    "lambda": ("ResourceNotFoundException", 404),
    "iam": ("NoSuchEntity", 404),
    "logs": ("ResourceNotFoundException", 400),
    "events": ("ResourceNotFoundException", 400),
    "scheduler": ("ResourceNotFoundException", 404),
    "sns": ("NotFound", 404),
}


def not_there_yet(call, forward):
    """What was just made is not found."""
    code, status = NOT_FOUND.get(call.service, ("ResourceNotFound", 400))
    if call.service == "states":
        code = {"Activity": "ActivityDoesNotExist", "StateMachine": "StateMachineDoesNotExist"}.get(
            next((kind for kind in ("Activity", "StateMachine") if kind in call.operation), ""), "ResourceNotFound"
        )
    return refused(call, code, "It does not exist.", status)


STORM = [throttled, broken, away, dropped, unanswered, cut_short]


class Faults:
    """The proxy, in threads of its own."""

    def __init__(self, services, elsewhere):
        self.services, self.elsewhere = services, elsewhere
        self.lock = threading.Lock()
        self.calls = []
        self.planned = []
        self.share, self.seed, self.spared = 0.0, 0, None
        self.counted = {}
        self.injected = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Two small packets would wait for each other.
            wbufsize = -1
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def handle_one_call(self):
                outer.handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = handle_one_call

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, request, address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, name, *faults):
        """The next calls of that name (a regular expression over `service:Operation`) go wrong like that, one after another."""
        with self.lock:
            self.planned.append((re.compile(name), list(faults)))

    def storm(self, seed, share, spared="GetActivityTask"):
        """That share of all calls goes wrong."""
        with self.lock:
            self.seed, self.share, self.spared = seed, share, re.compile(spared)
            self.counted.clear()

    def calm(self):
        """Nothing goes wrong any more. Gives what went wrong, and how often; and what was planned and never came."""
        with self.lock:
            self.share = 0.0
            left = [(name.pattern, len(faults)) for name, faults in self.planned if faults]
            self.planned.clear()
            injected, self.injected = self.injected, {}
        return injected, left

    def seen(self, name):
        """How many calls of that name there were."""
        pattern = re.compile(name)
        with self.lock:
            return sum(1 for call in self.calls if pattern.search(call))

    def forget(self):
        with self.lock:
            self.calls.clear()

    def chosen(self, call):
        with self.lock:
            self.calls.append(call.name)
            for name, faults in self.planned:
                if faults and name.search(call.name):
                    return faults.pop(0)
            if self.share and not self.spared.search(call.name):
                # The same call again is another draw, and calls that run side by side do not change each other's.
                about = hashlib.sha256(call.name.encode() + call.plain.encode() + call.body).digest()
                count = self.counted[about] = self.counted.get(about, 0) + 1
                drawn = hashlib.sha256(b"%d %d " % (self.seed, count) + about).digest()
                if int.from_bytes(drawn[:4], "big") / 2**32 < self.share:
                    return STORM[drawn[4] % len(STORM)]
        return fine

    def handle(self, client):
        length = int(client.headers.get("content-length") or 0)
        body = client.rfile.read(length) if length else b""
        headers = {name.lower(): value for name, value in client.headers.items()}
        call = Call(client.command, client.path, headers, body)
        fault = self.chosen(call)
        if fault is not fine:
            with self.lock:
                name = getattr(fault, "__name__", "fault")
                self.injected[name] = self.injected.get(name, 0) + 1
        try:
            answer = fault(call, lambda: self.forward(call))
        except Lost as lost:
            client.close_connection = True
            try:
                client.connection.sendall(lost.partial)
                client.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            return
        client.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                client.send_header(name, value)
        length = len(answer.body)
        if call.method == "HEAD":
            length = answer.headers.get("content-length", length)
        client.send_header("content-length", str(length))
        client.end_headers()
        if call.method != "HEAD":
            client.wfile.write(answer.body)
        client.wfile.flush()

    def forward(self, call):
        upstream = self.elsewhere.get(call.service, self.services)
        address = upstream.split("://")[1]
        host, _, port = address.partition(":")
        # A poll is open for a minute.
        connection = http.client.HTTPConnection(host, int(port), timeout=80)
        try:
            headers = {name: value for name, value in call.headers.items() if name not in ("expect", "connection", "host")}
            connection.request(call.method, call.path, call.body, {**headers, "host": address})
            found = connection.getresponse()
            body = found.read()
            headers = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, headers, body)
        except (OSError, http.client.HTTPException) as error:
            return Answer(502, {"content-type": "text/plain"}, str(error).encode())
        finally:
            connection.close()

    def close(self):
        self.server.shutdown()
