"""The rules of the house that no other tool sees."""

import ast
import builtins
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from inspection.__main__ import app

ROOT = Path(__file__).parent.parent
PACKAGES = ("api", "geo", "inspection")
MODULES = sorted(
    path.relative_to(ROOT)
    for name in (*PACKAGES, "sample_data")
    for path in ROOT.glob(f"{name}/**/*.py")
)
STEPS = sorted(p for p in (ROOT / "inspection/steps").glob("*.py") if p.stem != "__init__")
LANGUAGES = ("en", "id")
MAX_LINES = 250


def named(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_absolute() else path)


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(), filename=str(path))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_opens_with_a_docstring_and_stays_short(module: Path) -> None:
    assert ast.get_docstring(tree(module)), f"{module} does not say what it is"
    lines = len((ROOT / module).read_text().splitlines())
    assert lines <= MAX_LINES, f"{module} has {lines} lines: split it by idea"


@pytest.mark.parametrize("module", STEPS, ids=named)
def test_a_step_has_one_public_function_named_as_its_file(module: Path) -> None:
    functions = [
        node.name
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
    ]
    assert functions == [module.stem]


def test_the_pipeline_imports_every_step() -> None:
    imported: set[str] = set()
    for node in ast.walk(tree(Path("inspection/pipeline.py"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.removeprefix("inspection.steps."))
            imported.update(alias.name for alias in node.names)
    assert {step.stem for step in STEPS} - imported == set()


def test_architecture_names_what_exists_and_nothing_else() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    exist: set[str] = set()
    for module in MODULES:
        if module.parts[0] in PACKAGES:
            exist.add(str(module.parent) + "/" if module.stem == "__init__" else str(module))
    promised = set(re.findall(r"`((?:api|geo|inspection)/[\w/]*(?:\.py)?)`", page))
    assert exist - promised == set(), "ARCHITECTURE.md does not name these"
    assert {name for name in promised if not (ROOT / name).exists()} == set(), "these do not exist"


def committed_text() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            content = (ROOT / name).read_bytes()
            if b"\0" not in content:
                yield name, content.decode(errors="replace")


# Written in pieces, so that this file does not name what it forbids.
REGISTRY = re.compile(
    r"pypi\." r"org|python" r"hosted|npm" r"js\.|regis" r"try\.yarn|crates\." r"io"
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|ro" r"ot|work|opt|mnt)/\w")


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in committed_text()
        for pattern in (REGISTRY, MACHINE)
        if (match := pattern.search(text))
    ]
    assert found == []


def codes_in(module: Path) -> Iterator[str]:
    """
    Every code that is given to an error class of ours, or to a flaw of the evidence.

    The code is the first argument, or the one named so; where that is a name, it is what
    the same function gives to the name.
    """
    functions = [n for n in ast.walk(tree(module)) if isinstance(n, ast.FunctionDef)]
    for function in functions:
        values = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and is_coded(call.func):
                for argument in code_arguments(call):
                    names = (n.id for n in ast.walk(argument) if isinstance(n, ast.Name))
                    for node in (argument, *(values[n] for n in names if n in values)):
                        yield from code_literals(node)


def is_coded(called: ast.expr) -> bool:
    name = called.id if isinstance(called, ast.Name) else ""
    return name == "Flaw" or (name.endswith("Error") and not hasattr(builtins, name))


def code_arguments(call: ast.Call) -> list[ast.expr]:
    return call.args[:1] + [k.value for k in call.keywords if k.arg == "code"]


def code_literals(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", str(part.value)):
            yield str(part.value)


CODES = {code for path in MODULES if path.parts[0] in PACKAGES for code in codes_in(path)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_code_has_its_words_and_no_words_are_left_over(language: str) -> None:
    wording = tomllib.loads((ROOT / f"inspection/wording/{language}.toml").read_text())["errors"]
    assert CODES - set(wording) == set(), "codes without words"
    assert set(wording) - CODES == set(), "words without a code"
    for code, words in wording.items():
        assert words["message"], code
        assert words["hint"], code


def test_every_command_and_option_is_in_the_documentation() -> None:
    page = (ROOT / "docs/commands.md").read_text()
    commands = typer.main.get_command(app)
    assert isinstance(commands, click.Group)
    sections = dict(
        re.findall(r"^## `tinjau (\w+)[^\n]*\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == set(commands.commands)
    for name, command in commands.commands.items():
        options = {o for p in command.params for o in p.opts if o.startswith("--")}
        described = set(re.findall(r"^\| `(--[\w-]+)", sections[name], re.MULTILINE))
        assert described == options, name
