"""`arner verify`: every span of an output against its source."""

from __future__ import annotations

from pathlib import Path

import click

from arner import files, stored
from arner.cli import CHECK_FAILED, CONTEXT, DONE, Failure
from arner.verify import Sources, mismatches, spans


@click.command(context_settings=CONTEXT)
@click.argument("output", type=click.Path(exists=True, path_type=Path))
@click.argument("sources", required=False, default=".", type=click.Path(exists=True))
@click.option(
    "--encoding-errors", type=click.Choice(files.ERRORS), default="strict", show_default=True,
    help="As it was given to `arner tag`.",
)
@click.option(
    "--input", "form_in", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="jsonl: SOURCES is the file whose lines are records, or the folder of such files.",
)
@click.option("--text-key", default="text", show_default=True, help="The key of a record's text.")
@click.option("--id-key", default="id", show_default=True, help="The key of a record's name.")
def command(output: Path, sources: str, encoding_errors: str, form_in: str, text_key: str, id_key: str) -> int:
    """Check that every span of OUTPUT is what it says in its source, and that the source is the one that was tagged.

    OUTPUT is a file or folder of JSON Lines or JSON that `arner tag` wrote. SOURCES is the folder (or file) that was
    tagged; without it, the documents' names are paths from here. Exit code 1 where anything does not fit.
    """
    keys = (text_key, id_key) if form_in == "jsonl" else None
    texts = Sources(sources, errors=encoding_errors, keys=keys)
    checked = wrong = documents = 0
    try:
        paths = stored.outputs(output)
    except stored.StoredError as error:
        raise Failure(str(error)) from None
    for path in paths:
        try:
            for record in stored.read(path):
                documents += 1
                checked += sum(1 for _ in spans(record.record))
                for line in mismatches(record.record, texts):
                    wrong += 1
                    click.echo(f"{record.where}: {line}")
        except stored.StoredError as error:
            wrong += 1
            click.echo(str(error))
        except OSError as error:
            wrong += 1
            click.echo(f"{files.printable(str(path))}: can't be read: {error.strerror}")
    if not documents and not wrong:
        raise Failure(f"{files.printable(str(output))}: holds no JSON Lines or JSON of arner")
    verdict = f"{wrong:,} do not fit" if wrong else "all as in their sources"
    click.echo(f"arner: {documents:,} documents, {checked:,} spans: {verdict}", err=True)
    return CHECK_FAILED if wrong else DONE
