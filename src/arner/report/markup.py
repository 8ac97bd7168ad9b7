"""Text and values in, what may stand in an HTML page for them out, whatever they hold."""

from __future__ import annotations

import html
from typing import Final

from arner.export.options import dumps

# Controls that HTML forbids; C1 controls would be read as windows-1252.
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
_SIGNS: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\x7f" + "".join(map(chr, range(128, 160)))}


def escape(text: str) -> str:
    """Return a text for the inside of an element or a quoted attribute.

    >>> escape('<i>"')
    '&lt;i&gt;&quot;'
    """
    return html.escape(text.translate(_CONTROLS))


def script_json(value: object) -> str:
    r"""Return a value as JSON for the inside of a script element, which no sign in it can end.

    >>> print(script_json(["</script>"]))
    ["\u003c/script\u003e"]
    """
    return dumps(value).translate(_SIGNS)
