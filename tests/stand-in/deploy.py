"""The commands of `docs/guide/deploying.md`, typed one after another, and what they print compared with what the page shows.

    deploy.py PATH-OF-PIZZA PATH-OF-SFN-SERVER

The pizza example with the sketch's first placement; moved to the second one while executions are in flight; drained;
destroyed. `deploy` builds the zip itself, and the stand-in runs it. With `UPDATE_GUIDE=1` the page is written anew.

In the page, a line `…` stands for lines that are left out, and times, ids and hashes count for nothing.
"""

import os
import re
import subprocess
import sys
import tempfile

import faults
import harness
from harness import HOST, STATES, Program, Server, Workers, check, equal, plain, states, until

PIZZA, SERVER = sys.argv[1], sys.argv[2]
PAGE = "docs/guide/deploying.md"
UPDATE = "UPDATE_GUIDE" in os.environ

# The placements of the page. The stand-in runs functions as processes of this machine, so they are built for it.
FIRST, SECOND = "tests/stand-in/here.toml", "tests/stand-in/lambda.toml"


class Page:
    """The page's blocks of commands, in order."""

    def __init__(self):
        self.text = open(PAGE).read()
        self.blocks = [found for found in re.finditer(r"```text\n(.*?)```", self.text, re.S) if found[1].startswith("$ pizza")]
        self.said = []

    def commands(self, number):
        """The commands of a block, each with the lines that it is shown to print."""
        found = []
        for line in self.blocks[number][1].splitlines():
            if line.startswith("$ "):
                found.append((line[2:].split("  #")[0].rstrip(), []))
            elif found and line:
                found[-1][1].append(line)
        return found

    def update(self):
        """Writes what was printed into the page, leaving out what is left out there."""
        text, end = "", 0
        for number, block in enumerate(self.blocks):
            text += self.text[end : block.start(1)]
            said = iter(said for said in self.said if said[0] == number)
            skipping = False
            for line in block[1].splitlines():
                if line.startswith("$ "):
                    _, _, shown, printed = next(said)
                    lines = shown if alike_all(shown, printed) else shorter(shown, printed)
                    text += "\n".join([line, *lines]) + "\n"
                    skipping = True
                elif not line or not skipping:
                    text += line + "\n"
            end = block.end(1)
        with open(PAGE, "w") as file:
            file.write(text + self.text[end:])


def shorter(shown, printed):
    """What is printed, with `…` where the page leaves lines out: as many lines before and after as there."""
    if "…" not in [line.strip() for line in shown] or len(printed) <= len(shown):
        return printed
    at = [line.strip() for line in shown].index("…")
    after = len(shown) - at - 1
    return [*printed[:at], shown[at], *(printed[len(printed) - after :] if after else [])]


def alike(line):
    """A line without what differs from run to run."""
    line = re.sub(r"-[0-9a-f]{8}\b", "-HASH", plain(line))
    return re.sub(r"process \d+", "process N", line).strip()


def fits(shown, printed):
    """Whether what is printed is what is shown, `…` being any lines."""
    if not shown:
        return not printed
    if shown[0] == "…":
        return any(fits(shown[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and fits(shown[1:], printed[1:])


def alike_all(shown, printed):
    return fits([alike(one) for one in shown], [alike(one) for one in printed])


class Story:
    def __init__(self, program, workers):
        self.program, self.workers, self.page = program, workers, Page()

    def tell(self, number, config):
        """Types the commands of a block."""
        self.program.configure(open(config).read().replace("x86_64", HOST))
        for line, shown in self.page.commands(number):
            words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)][1:]
            if words[0] == "work":
                self.workers.work()
                self.page.said.append((number, line, [], []))
                continue
            done = subprocess.run(
                [self.program.path, *words, "--config", self.program.config],
                env=self.program.env,
                cwd="examples/pizza",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=1500,
            )
            # What cargo says while it builds is not shown.
            printed = [one.rstrip() for one in done.stdout.splitlines() if one.strip() and not one.startswith(" INFO")]
            check(f"`{line}` ends well", done.returncode == 0, done.stdout)
            self.page.said.append((number, line, shown, printed))
            # A command without output on the page may print what it likes.
            if shown and not UPDATE:
                check(f"`{line}` prints what the page shows", alike_all(shown, printed), "\n".join(["shown:", *shown, "printed:", *printed]))


def main():
    server = Server(SERVER)
    proxy = faults.Faults(harness.SERVICES, {"states": server.url, **harness.ELSEWHERE})
    with tempfile.TemporaryDirectory() as folder:
        program = Program(PIZZA, proxy.url, folder, "", "pizza")
        with Workers(program) as workers:
            story = Story(program, workers)
            story.tell(0, FIRST)
            story.tell(1, FIRST)
            # Both run until the oven is free and the pizza has cooled, for three minutes or so: the steps move meanwhile.
            story.tell(2, SECOND)
            workers.work()
            # It goes all the new way.
            moved = program.call("start", "make-pizza", "--input", "@examples/pizza/order.json", "--name", "order-19").strip()
            story.tell(3, SECOND)
            arns = [f"{STATES}:execution:make-pizza:order-{number}" for number in (17, 18)]

            def ended():
                found = [states("DescribeExecution", server.url, executionArn=arn) for arn in [*arns, moved]]
                return all(one["status"] != "RUNNING" for one in found) and found

            served = '{"table":12,"pizza":"32 cm with tomato, mozzarella, basil"}'
            for one in until("the pizzas are served", ended, 400, 1):
                equal(one["name"], (one["status"], one.get("output")), ("SUCCEEDED", served))

            def called(name):
                events = states("GetExecutionHistory", server.url, executionArn=name, maxResults=1000)["events"]
                entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
                sauce = entered.count("make_sauce"), entered.count("make_dough"), entered.count("serve")
                return sauce, sum(1 for event in events if event["type"] == "TaskSucceeded")

            # The function is asked for the sauce before the move, and for the dough after it.
            equal("order-17 enters each state once", called(arns[0]), ((1, 1, 1), 1))
            equal("order-19 enters each state once", called(moved), ((1, 1, 1), 1))
            story.tell(4, SECOND)
    if UPDATE:
        story.page.update()
    server.close()
    harness.finish()


main()
