#!/usr/bin/env python3
"""Writes shapes.txt: what services answer, from botocore's service models (Apache License 2.0).

    pip install botocore && python3 sfn-engine/shapes/generate.py > sfn-engine/shapes/shapes.txt

One service after the other: `@<name as in arn:aws:states:::aws-sdk:<name>:…>`, its shapes by number (from 0), one a line,
then its operations as `<operation> <shape>`. Shapes, with members named as Step Functions names them:

    {Name=3! Other=4      a structure; `!` marks required members
    [3                    a list of shape 3
    m3                    a map of shape 3
    s                     a text
    i f b t x             a whole number, a number, true or false, a time, bytes
    s 1 64 / i 1 64 / …   with bounds of length or value; `-` is none
    e A|B|C               a text out of these
    *                     anything
"""

import sys

import botocore
import botocore.session

# What optimized integrations and the most used aws-sdk integrations name.
SERVICES = """
acm apigateway appconfigdata athena batch bedrock-runtime cloudformation cloudwatch codebuild
cognito-idp comprehend dynamodb ecr ecs eks elbv2 emr emr-containers emr-serverless events firehose glue iam kinesis kms
lambda logs mediaconvert organizations polly rds redshift-data rekognition resourcegroupstaggingapi route53 s3 sagemaker
scheduler secretsmanager ses sesv2 sns sqs ssm stepfunctions sts textract transcribe translate xray
""".split()
# Operations that no state machine asks for, and that would take half of the room: lists and descriptions of settings.
VERBS = ("Get", "Put", "Start", "Run", "Invoke", "Send", "Publish", "Create", "Delete", "Update", "Describe", "Encrypt",
         "Decrypt", "Query", "Scan", "Submit", "Batch", "Transact", "Execute", "List", "Generate", "Copy", "Head", "Stop",
         "Receive", "Detect", "Translate", "Converse", "Assume", "Analyze", "Synthesize")

# SageMaker alone would take a fifth of the room: what its optimized integration names, and what that waits for.
SAGEMAKER = ("Endpoint", "EndpointConfig", "HyperParameterTuningJob", "LabelingJob", "Model", "ProcessingJob", "TrainingJob",
             "TransformJob")


def pascal(name):
    return name[:1].upper() + name[1:]


class Service:
    def __init__(self, model):
        self.model, self.lines, self.numbers, self.shapes = model, [], {}, {}

    def number(self, shape):
        if shape.name in self.shapes:
            return self.shapes[shape.name]
        if shape.type_name in ("structure", "list", "map"):
            # Its number is known before its members are: shapes may hold themselves.
            self.shapes[shape.name] = len(self.lines)
            self.lines.append("")
            at = self.shapes[shape.name]
            self.lines[at] = self.compound(shape)
            return at
        line = self.simple(shape)
        if line not in self.numbers:
            self.numbers[line] = len(self.lines)
            self.lines.append(line)
        self.shapes[shape.name] = self.numbers[line]
        return self.shapes[shape.name]

    def compound(self, shape):
        if shape.type_name == "list":
            return f"[{self.number(shape.member)}"
        if shape.type_name == "map":
            return f"m{self.number(shape.value)}"
        if shape.metadata.get("document") or getattr(shape, "is_document_type", False):
            return "*"
        members = []
        for name, member in shape.members.items():
            mark = "!" if name in shape.required_members else ""
            members.append(f"{pascal(name)}={self.number(member)}{mark}")
        return "{" + " ".join(members)

    def simple(self, shape):
        if getattr(shape, "enum", None):
            return "e " + "|".join(shape.enum)
        kind = {"string": "s", "character": "s", "integer": "i", "long": "i", "float": "f", "double": "f", "bigdecimal": "f",
                "boolean": "b", "timestamp": "t", "blob": "x"}[shape.type_name]
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        # A length of at least 0 and at most more than a payload can hold says nothing.
        if kind in "sx":
            least = least or None
            most = most if most is not None and most < 262_144 else None
        if kind in "bt" or (least is None and most is None):
            return kind
        return f"{kind} {'-' if least is None else least} {'-' if most is None else most}"


def main():
    loader = botocore.session.get_session()
    print(f"# Written by generate.py from botocore {botocore.__version__} (Apache License 2.0); do not edit.")
    for name in SERVICES:
        model = loader.get_service_model(name)
        service = Service(model)
        operations = []
        for operation in sorted(model.operation_names):
            wanted = operation.startswith(VERBS)
            if name == "sagemaker":
                wanted = operation in {verb + noun for verb in ("Create", "Describe", "Update") for noun in SAGEMAKER}
            if wanted:
                shape = model.operation_model(operation).output_shape
                if shape is not None and shape.members:
                    operations.append(f"{operation[:1].lower() + operation[1:]} {service.number(shape)}")
        print("@" + "".join(model.service_id.hyphenize().split("-")))
        print("\n".join(service.lines))
        print("\n".join(operations))


sys.exit(main())
