"""Writes constraints.txt: what the API's model says of each parameter, from botocore's copy of the model.

    python3 generate.py PATH_TO/stepfunctions/2016-11-23/service-2.json > constraints.txt

A line without indentation names an operation; those behind it its parameters, in the model's order:
`!` it must be there, `~` its value is not to be shown, `2..5` bounds (of the length, or behind `=` of the number),
`A|B` the words it may be. `[]` stands for the members of a list.
"""

import gzip
import json
import sys

path = sys.argv[1]
opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
model = json.load(opened)
shapes = model["shapes"]


def told(path, shape, required):
    kind = shape["type"]
    parts = []
    low, high = shape.get("min"), shape.get("max")
    bounds = f"{low if low is not None else ''}..{high if high is not None else ''}"
    if kind == "string" and (low or high is not None):
        parts.append(bounds)
    if kind in ("integer", "long", "float") and bounds != "..":
        parts.append("=" + bounds)
    if "enum" in shape:
        parts.append("|".join(shape["enum"]))
    marks = ("!" if required else "") + ("~" if shape.get("sensitive") else "")
    if marks or parts:
        print(" " + path + marks + "".join(" " + part for part in parts))


def walk(path, name, required):
    shape = shapes[name]
    told(path, shape, required)
    if shape["type"] == "structure":
        for member, reference in shape["members"].items():
            walk(f"{path}.{member}", reference["shape"], member in shape.get("required", []))
    elif shape["type"] == "list":
        walk(path + "[]", shape["member"]["shape"], False)


for name in sorted(model["operations"]):
    print(name)
    shape = shapes[model["operations"][name]["input"]["shape"]]
    for member, reference in shape["members"].items():
        walk(member, reference["shape"], member in shape.get("required", []))
