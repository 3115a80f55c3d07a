"""The command line: every way to end has its exit code."""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Annotated

import typer
from typer.exceptions import TyperException

from inspection.commands.attach import attach
from inspection.commands.audit import audit
from inspection.commands.backup import backup
from inspection.commands.batch import batch
from inspection.commands.boundary import boundary
from inspection.commands.check import check
from inspection.commands.importing import import_permits
from inspection.commands.inspect import inspect
from inspection.commands.office import office
from inspection.commands.pack import pack
from inspection.commands.profile import profile
from inspection.commands.report import report
from inspection.commands.restore import restore
from inspection.commands.scrub import scrub
from inspection.commands.serve import serve
from inspection.commands.sign import sign
from inspection.commands.upload import upload
from inspection.commands.user import user
from inspection.commands.verify import verify
from inspection.commands.worker import worker
from inspection.errors import Interrupted, UsageError
from inspection.language import Language
from inspection.terminal import failure
from inspection.terminal.usage import usage_sentence
from inspection.wording.catalogue import wording

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Inspect drone flights over mining permits; results are measured and sealed.",
)
for command in (
    inspect,
    batch,
    check,
    boundary,
    report,
    verify,
    sign,
    attach,
    profile,
    scrub,
    backup,
    restore,
    serve,
    pack,
    upload,
    worker,
):
    app.command()(command)
app.command("import")(import_permits)
app.add_typer(audit, name="audit")
app.add_typer(user, name="user")
app.add_typer(office, name="office")


def _show_settings(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        from inspection.settings import read_settings  # noqa: PLC0415 - see the commands
        from inspection.terminal.setting_sheet import setting_lines, shown  # noqa: PLC0415

        words = wording(_language())
        for line in setting_lines(shown(read_settings()), words):
            sys.stdout.write(line + "\n")
        raise typer.Exit


@app.callback()
def options(
    *,
    show_config: Annotated[
        bool,
        typer.Option(
            "--show-config",
            is_eager=True,
            callback=_show_settings,
            help="Print the settings of this installation and where each comes from.",
        ),
    ] = False,
) -> None:
    """Inspect drone flights over mining permits; results are measured and sealed."""
    del show_config  # its callback has done it


def main() -> None:
    """Run the command line and leave with its exit code."""
    # rasterio takes a client of S3 where there is one. Objects are not read through it, and
    # whoever inspects a file would wait for that client's libraries.
    sys.modules["boto3"] = None  # type: ignore[assignment]
    _on_signals(_as_interrupt)
    # A picture without a position is nothing odd here: what is wrong with one is said by a code.
    warnings.filterwarnings("ignore", message="Dataset has no geotransform")
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
        _on_signals(signal.SIG_IGN)  # how it ended is settled
    except TyperException as error:
        language = _language()
        sentence = usage_sentence(error.format_message(), wording(language))
        code = failure.tell(failure.failure_of(UsageError("usage", problem=sentence)), language)
    except (Exception, Interrupted) as error:  # noqa: BLE001
        # The last net: a person gets a sentence, never a trace, unless they ask for one.
        if os.environ.get("TINJAU_DEBUG"):
            traceback.print_exc()
        code = failure.tell(failure.failure_of(error), _language())
    sys.exit(code)


def _on_signals(action: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, action)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """Leave once: a second signal would cut off what clears away after the first."""
    _on_signals(signal.SIG_IGN)
    raise Interrupted


def _language() -> Language:
    """Language asked for on the command line, also where the rest of it could not be parsed."""
    asked = sys.argv[1:]
    for name, value in pairwise([*asked, ""]):
        text = value if name == "--language" else name.removeprefix("--language=")
        if name.startswith("--language") and text in list(Language):
            return Language(text)
    from inspection.settings import language_alone  # noqa: PLC0415 - see the commands

    return language_alone()


if __name__ == "__main__":
    main()
