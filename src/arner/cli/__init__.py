"""The command line: read options, call one function, print. A command is a module of this folder, loaded when used."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

import click

from arner import __version__

# Command → (module, what `arner --help` says of it); the help must not load the module.
COMMANDS: Final = {
    "tag": ("arner.cli.tag", "Find people, organisations and places in texts."),
    "clean": ("arner.cli.clean", "Print the cleaned text, or a report of what was changed."),
    "explain": ("arner.cli.explain", "Say why each entity is one, and what it beat."),
    "lookup": ("arner.cli.lookup", "Print the gazetteer rows that know a name."),
    "verify": ("arner.cli.verify", "Check every span of an output against its source."),
    "diff": ("arner.cli.diff", "Print what was gained, lost and changed between two outputs."),
    "compare": ("arner.cli.compare", "Compare two engines' or tools' entities of the same texts."),
    "convert": ("arner.cli.convert", "Convert entities from one format into another."),
    "formats": ("arner.cli.formats", "List the formats that can be written and read."),
    "score": ("arner.cli.score", "Measure predictions against gold."),
    "report": ("arner.cli.report", "Make one page to read texts by, with an index, links and a timeline."),
    "index": ("arner.cli.index", "Make or update a database of who is named where."),
    "find": ("arner.cli.find", "Say in which documents of a database a name stands."),
    "with": ("arner.cli.with_", "Say who is named with whom, from a database."),
    "gazetteer": ("arner.cli.gazetteer", "Lint, compile and count the gazetteers."),
    "completion": ("arner.cli.completion", "Print the completion script of a shell."),
}
CONTEXT: Final = {"help_option_names": ["-h", "--help"]}

# Tagging makes many small objects and hardly a cycle: looking for cycles as often as usual takes a tenth of the time.
_BETWEEN_COLLECTIONS: Final = 100_000
DONE, CHECK_FAILED, USAGE, SOME_FAILED = 0, 1, 2, 3
INTERRUPTED, ENDED = 128 + signal.SIGINT, 128 + signal.SIGTERM


class Failure(click.ClickException):
    """An error that ends the run with one line on stderr and a code of the exit-code table."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]

    def show(self, file: Any = None) -> None:  # noqa: ANN401 -- click's signature
        """Print the line."""
        click.echo(f"arner: {self.message}", file=file or sys.stderr)


class _ReaderGoneError(Exception):
    """Nobody reads standard output any more."""


class _Commands(click.Group):
    """The group of commands; a command's module is imported when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGoneError from error  # click would end the run with code 1

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(__version__, message="%(prog)s %(version)s")
def group() -> None:
    """Find people, organisations and places in Arabic text, offline, and say why.

    Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 a check failed; 2 wrong usage;
    3 some inputs failed, the rest were written.
    """


def main() -> None:
    """Run the command line: the entry point of the `arner` program.

    Exit codes beyond those of the table: 130 after Ctrl-C, 143 after SIGTERM.
    """
    _use_utf8()
    signal.signal(signal.SIGTERM, _end)
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    try:
        code = group.main(prog_name="arner", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("arner: interrupted", err=True)
        code = INTERRUPTED
    except click.UsageError as error:
        help_ = f" ({error.ctx.command_path} -h says more)" if error.ctx else ""
        click.echo(f"arner: {error.format_message()}{help_}", err=True)
        code = USAGE
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SystemExit as error:
        if error.code == ENDED:
            click.echo("arner: ended by SIGTERM", err=True)
        raise
    except (_ReaderGoneError, BrokenPipeError):
        # The reader went away (`| head`): what it wanted, it has.
        _discard_stdout()
        code = DONE
    except Exception as error:
        if not _is_users(error):
            raise
        _discard_stdout()
        click.echo(f"arner: {_line(error)}", err=True)
        code = USAGE
    sys.exit(code if isinstance(code, int) else DONE)


def _end(*_: object) -> None:
    sys.exit(ENDED)


def _is_users(error: Exception) -> bool:
    """Return whether an error is about what the user gave or has, and no fault of arner's."""
    from arner.engines import EngineError
    from arner.export import UnavailableError
    from arner.files import InputError, OutputError
    from arner.lexicon.load import NoLexiconError
    from arner.lexicon.read import GazetteerError
    from arner.lexicon.store import LexiconFileError

    users = (EngineError, GazetteerError, LexiconFileError, NoLexiconError, UnavailableError, InputError, OutputError)
    return isinstance(error, (*users, OSError))


def _line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the output'}: {error.strerror}"
    return str(error)


def _discard_stdout() -> None:
    """Point standard output at nothing, so that what is left in its buffer fails no more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _use_utf8() -> None:
    """Write UTF-8 with bare line feeds whatever the platform's code page is."""
    import io

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            errors = "backslashreplace" if stream is sys.stderr else "surrogateescape"
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")
