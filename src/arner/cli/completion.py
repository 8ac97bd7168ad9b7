"""`arner completion`: the script that completes arner's commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from arner.cli import CONTEXT, group


@click.command(context_settings=CONTEXT)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    r"""Print the completion script of a SHELL: bash (4.4 or later), zsh or fish.

    \b
    bash: add `eval "$(arner completion bash)"` to ~/.bashrc
    zsh:  add `eval "$(arner completion zsh)"` to ~/.zshrc, behind compinit
    fish: arner completion fish > ~/.config/fish/completions/arner.fish
    """
    completion = get_completion_class(shell)
    assert completion  # the choice above names those that click has
    script = completion(group, {}, "arner", "_ARNER_COMPLETE")
    # `source` would start a bash to ask for its version, which a user of another shell may not have.
    click.echo(script.source_template % script.source_vars())
