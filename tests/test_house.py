"""The rules of the house that no other tool sees."""

import ast
import builtins
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer

from inspection.__main__ import app
from inspection.settings import Settings

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


def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(), filename=str(path))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_opens_with_a_docstring_and_stays_short(module: Path) -> None:
    assert ast.get_docstring(parsed(module)), f"{module} does not say what it is"
    lines = len((ROOT / module).read_text().splitlines())
    assert lines <= MAX_LINES, f"{module} has {lines} lines: split it by idea"


@pytest.mark.parametrize("module", STEPS, ids=named)
def test_a_step_has_one_public_function_named_as_its_file(module: Path) -> None:
    functions = [
        node.name
        for node in parsed(module).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
    ]
    assert functions == [module.stem]


def test_the_pipeline_imports_every_step() -> None:
    imported: set[str] = set()
    for node in ast.walk(parsed(Path("inspection/pipeline.py"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.removeprefix("inspection.steps."))
            imported.update(alias.name for alias in node.names)
    assert {step.stem for step in STEPS} - imported == set()


def promised_modules() -> Iterator[str]:
    """Modules and packages that ARCHITECTURE.md names, as paths without their ending."""
    page = (ROOT / "ARCHITECTURE.md").read_text()
    for section in page.split("\n## ")[1:]:
        package = section.splitlines()[0].strip("`")
        yield package
        for item in section.split("\n- ")[1:]:
            first, *others = re.findall(r"`((?:[a-z_]+/)*[a-z_]+/?)`", item)
            inside = package + (first if first.endswith("/") else "")
            yield package + first
            yield from (inside + name for name in others)


def test_architecture_names_what_exists_and_nothing_else() -> None:
    existing = {
        f"{m.parent}/" if m.stem == "__init__" else str(m.with_suffix(""))
        for m in MODULES
        if m.parts[0] in PACKAGES
    }
    promised = list(promised_modules())
    assert existing - set(promised) == set(), "ARCHITECTURE.md does not name these"
    assert set(promised) - existing == set(), "ARCHITECTURE.md names these, but where are they?"
    assert len(promised) == len(set(promised)), "named twice"


# Written in pieces, so that this file does not name what it forbids.
REGISTRY = re.compile(
    rb"pypi\." rb"org|python" rb"hosted|npm" rb"js\.|regis" rb"try\.yarn|crates\." rb"io"
)
MACHINE = re.compile(rb"(?<![\w.])/(?:home|Users|ro" rb"ot|work|opt|mnt)/\w")


def test_no_file_names_a_package_registry_or_a_path_of_one_machine(tree: tuple[str, ...]) -> None:
    found = [
        f"{name}: {match.decode()}"
        for name in tree
        for pattern in (REGISTRY, MACHINE)
        for content in [(ROOT / name).read_bytes()]
        if b"\0" not in content
        for match in pattern.findall(content)
    ]
    assert found == []


def test_the_product_declares_the_packages_that_it_imports_and_no_others() -> None:
    imported: set[str] = set()
    for module in (m for m in MODULES if m.parts[0] in PACKAGES):
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    distributions = packages_distributions()
    needed = {
        # Several packages may share a name (pystac and its extensions): the one named so is meant.
        (name if name in distributions[name] else distributions[name][0]).lower().replace("_", "-")
        for name in imported - set(PACKAGES) - sys.stdlib_module_names
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[<>=\[]", line)[0] for line in project["dependencies"]}
    assert needed - declared == set(), "imported, but not declared"
    assert declared - needed == set(), "declared, but not imported"


def codes_in(module: Path) -> Iterator[str]:
    """
    Every code that is given to an error class of ours, a failure, or a flaw of the evidence.

    The code is the first argument, or the one named so; where that is a name, it is what
    the same function gives to the name.
    """
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    functions = [n for n in ast.walk(parsed(module)) if isinstance(n, kinds)]
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
    return name in ("Failure", "Flaw") or (name.endswith("Error") and not hasattr(builtins, name))


def code_arguments(call: ast.Call) -> list[ast.expr]:
    return call.args[:1] + [k.value for k in call.keywords if k.arg == "code"]


SUBJECTS = ("batch", "boundary", "image", "import", "layer")
"""What a file in the sandbox is meant to be; the codes of the sandbox begin with it."""


def code_literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        subject, rest = node.values
        assert isinstance(subject, ast.FormattedValue)
        assert ast.unparse(subject.value) == "subject"
        assert isinstance(rest, ast.Constant)
        yield from (f"{one}{rest.value}" for one in SUBJECTS)
        return
    if isinstance(node, ast.Constant):
        yield str(node.value)
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


def test_every_command_option_and_setting_is_in_the_documentation() -> None:
    page = (ROOT / "docs/commands.md").read_text()
    sections = {part.split("`")[0]: part for part in page.split("\n## `tinjau ")[1:]}
    commands = typer.main.get_group(app).commands
    assert sections.keys() == commands.keys()
    for name, command in commands.items():
        parts = (command, *getattr(command, "commands", {}).values())
        parameters = [p for part in parts for p in part.params]
        options = {option for p in parameters for option in p.opts if option[:2] == "--"}
        section = sections[name].split("\n## ")[0]
        assert set(re.findall(r"^\| `(--[\w-]+)", section, re.MULTILINE)) == options, name
    settings = {f"TINJAU_{name.upper()}" for name in Settings.model_fields}
    assert settings - set(re.findall(r"^\| `(\w+)", page, re.MULTILINE)) == set()
