#!/usr/bin/env python3
"""Writes services.txt: how services are called, from botocore's service models (Apache License 2.0).

    pip install botocore==1.44.5 && python3 generate.py > services.txt

A service begins with `@` and six words:

    @<name in aws-sdk:<name>:…> <name in errors> <protocol> <target prefix or API version> <name in signatures> <members>

The protocol is `json1.0`, `json1.1` or `query`; members are `camel` where names on the wire begin with a small letter (Step
Functions always writes a capital one) and `same` elsewhere. Then come the shapes, by number from 0, one a line:

    {Name=3 Other:wire=4  a structure; `:wire` where the name on the wire is not the expected one
    [3 name               a list of shape 3; its elements' name in the query protocol
    ]3                    a list without an element around it (query protocol)
    m3 key value          a map of shape 3; the names of its keys and values in the query protocol
    s i f b t x           a text, a whole number, a number, true or false, a time, bytes
    *                     anything, passed as it is

For the JSON protocols only what is not passed as it is is kept: texts (of what is sent), times, bytes, maps, and the
structures that hold them. Then the operations, `.<Name> <shape sent> <shape answered>`, and the errors that the service's
model knows, `!<code> <name>`.
"""

import re
import sys

import botocore.session

SERVICES = """
athena cloudwatch codebuild codepipeline cognito-idp comprehend dynamodb ecr ecs emr events firehose glue kinesis kms logs
redshift-data rekognition sagemaker secretsmanager ses sns sqs ssm stepfunctions sts textract transcribe translate
""".split()

# Of large services, operations on the things that state machines work with.
ONLY = {
    "sagemaker": r"(Create|Describe|Delete|Update|Stop|List)(Endpoint|EndpointConfig|HyperParameterTuningJob|LabelingJob|"
    r"Model|ProcessingJob|TrainingJob|TransformJob)s?$",
    "glue": r".*(JobRun|Job|Jobs|JobRuns|Crawler|Crawlers|Table|Tables|Database|Databases|Partition|Partitions|Workflow|"
    r"WorkflowRun|Trigger)$",
    "ssm": r".*(Parameter|Parameters|ParametersByPath|Command|Commands|CommandInvocation|CommandInvocations|"
    r"AutomationExecution|AutomationExecutions)$",
    "cognito-idp": r"Admin.*|ListUsers.*|.*Group",
    "ses": r"Send.*|.*Template|.*Identity",
    "rekognition": r"(Detect|Get|Start|Compare|Index|Search|Recognize).*",
    "comprehend": r"(Detect|BatchDetect|Start|Stop|Describe|Classify|Contains).*",
}


def capital(name):
    return name[:1].upper() + name[1:]


def java(service_id):
    """The service's name in the class names of the AWS SDK for Java 2, which Step Functions' error names come from."""
    words = re.split(r"[ -]+", re.sub(r"^(Amazon|AWS) ?", "", service_id))
    out = ""
    for word in words:
        # A run of capitals is one word: DynamoDB is DynamoDb.
        out += capital(re.sub(r"([A-Z])([A-Z]+)(?![a-z])", lambda m: m[1] + m[2].lower(), word))
    return out


def exception(name):
    name = capital(name)
    if name.endswith("Fault"):
        return name[: -len("Fault")] + "Exception"
    return name if name.endswith("Exception") else name + "Exception"


class Service:
    def __init__(self, name, model):
        self.name, self.model = name, model
        self.metadata = model.metadata
        protocols = self.metadata.get("protocols", [self.metadata["protocol"]])
        self.json = "json" in protocols
        self.lines, self.numbers = [], {}
        members = [m for s in model.shape_names for m in getattr(model.shape_for(s), "members", {})]
        self.camel = sum(m[:1].islower() for m in members) * 2 > len(members)
        self.memo = {}

    def intern(self, line):
        if line not in self.numbers:
            self.numbers[line] = len(self.lines)
            self.lines.append(line)
        return self.numbers[line]

    def plain(self, shape, sent, seen=()):
        """Whether a value of this shape is passed as it is."""
        if not self.json:
            return False
        key = (shape.name, sent)
        if key in self.memo:
            return self.memo[key]
        kind = shape.type_name
        if shape.name in seen:
            return True
        seen = (*seen, shape.name)
        if kind == "structure":
            if getattr(shape, "is_document_type", False):
                return False
            plain = all(
                self.wire(name, member) is None and self.plain(member, sent, seen) for name, member in shape.members.items()
            )
        elif kind == "list":
            plain = self.plain(shape.member, sent, seen)
        elif kind == "map":
            # Keys are no members: where members change, a map has to be known.
            plain = not self.camel and self.plain(shape.value, sent, seen)
        elif kind == "string":
            plain = not sent or bool(shape.enum)
        else:
            plain = kind not in ("timestamp", "blob")
        if len(seen) == 1:
            self.memo[key] = plain
        return plain

    def wire(self, name, member):
        """The name on the wire, where it is not the expected one."""
        wire = member.serialization.get("name", name)
        expected = capital(name)
        if self.camel:
            expected = expected[:1].lower() + expected[1:]
        return None if wire == expected else wire

    def shape(self, shape, sent):
        kind = shape.type_name
        if self.plain(shape, sent):
            return None
        if kind == "structure":
            if getattr(shape, "is_document_type", False):
                return self.intern("*")
            key = ("structure", shape.name, sent)
            if key not in self.numbers:
                # Its number is known before its members are: shapes may hold themselves.
                self.numbers[key] = at = len(self.lines)
                self.lines.append("")
                members = []
                for name, member in shape.members.items():
                    number = self.shape(member, sent)
                    wire = self.wire(name, member)
                    if number is not None or wire:
                        number = self.intern("*") if number is None else number
                        members.append(f"{capital(name)}{':' + wire if wire else ''}={number}")
                self.lines[at] = "{" + " ".join(members)
            return self.numbers[key]
        if kind == "list":
            inner = self.shape(shape.member, sent)
            inner = self.intern("*") if inner is None else inner
            if self.json:
                return self.intern(f"[{inner}")
            if shape.serialization.get("flattened"):
                return self.intern(f"]{inner}")
            return self.intern(f"[{inner} {shape.member.serialization.get('name', 'member')}")
        if kind == "map":
            inner = self.shape(shape.value, sent)
            inner = self.intern("*") if inner is None else inner
            if self.json:
                return self.intern(f"m{inner}")
            key = shape.key.serialization.get("name", "key")
            return self.intern(f"m{inner} {key} {shape.value.serialization.get('name', 'value')}")
        letters = {"string": "s", "character": "s", "integer": "i", "long": "i", "double": "f", "float": "f", "boolean": "b",
                   "timestamp": "t", "blob": "x"}
        return self.intern(letters[kind])

    def write(self):
        m = self.metadata
        name = re.sub(r"[ -]", "", m["serviceId"]).lower()
        protocol = f"json{m['jsonVersion']}" if self.json else "query"
        target = m["targetPrefix"] if self.json else m["apiVersion"]
        signed = m.get("signingName", m["endpointPrefix"])
        operations, errors = [], {}
        for operation in self.model.operation_names:
            if self.name in ONLY and not re.match(ONLY[self.name], operation):
                continue
            found = self.model.operation_model(operation)
            if found.has_event_stream_output or found.has_event_stream_input:
                continue
            numbers = [
                self.shape(shape, sent) if shape and shape.members else None
                for shape, sent in ((found.input_shape, True), (found.output_shape, False))
            ]
            operations.append(" ".join([f".{operation}", *("-" if n is None else str(n) for n in numbers)]))
            for error in found.error_shapes:
                errors[error.metadata.get("error", {}).get("code", error.name)] = exception(error.name)
                errors[error.name] = exception(error.name)
        print(f"@{name} {java(m['serviceId'])} {protocol} {target} {signed} {'camel' if self.camel else 'same'}")
        print("\n".join(self.lines))
        print("\n".join(operations))
        print("\n".join(f"!{code} {name}" for code, name in sorted(errors.items())))


def main():
    loader = botocore.session.get_session()
    for service in SERVICES:
        Service(service, loader.get_service_model(service)).write()


if __name__ == "__main__":
    sys.exit(main())
