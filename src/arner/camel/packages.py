"""The names of what CAMeL Tools has on this machine in, paths and modules out: without network, without writing.

On import, `camel_tools.data` makes a folder in the home folder and fetches its catalogue where there is none. So the
catalogue is looked for first, and where there is none or the home folder would be written, that module is imported
with an environment in which both are already there.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from importlib import import_module, util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from arner.engines import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

VARIABLE: Final = "CAMELTOOLS_DATA"
CATALOGUE: Final = "catalogue.json"
_DATA: Final = "camel_tools.data"
_STUB: Final = '{"version": "0", "packages": {}, "components": {}}'
_INSTALL: Final = 'pip install "arner[camel]"'


class Part(NamedTuple):
    """A part of CAMeL Tools' data: what to call it, its component in the catalogue, the package that brings it."""

    called: str
    component: str
    package: str
    option: str


NER: Final = Part("CAMeL's NER model", "NamedEntityRecognition", "ner-arabert", "--camel-model")
DATABASE: Final = Part("CAMeL's morphology database", "MorphologyDB", "morphology-db-msa-r13", "--morphology-db")


def need(modules: tuple[str, ...], what: str) -> None:
    """Check that packages are installed, importing none. Raises EngineError."""
    missing = [name for name in modules if not _installed(name)]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise EngineError(f"{what} needs {' and '.join(missing)}, which {are} not installed: run {_INSTALL}")


def _installed(name: str) -> bool:
    if name in sys.modules:
        return sys.modules[name] is not None
    return util.find_spec(name) is not None


def folder() -> Path:
    """Return the folder of CAMeL Tools' data: CAMELTOOLS_DATA, else the default one. It need not exist."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        return Path(given).expanduser().absolute()
    home = Path("~").expanduser()
    return home / ("AppData/Roaming/camel_tools" if sys.platform == "win32" else ".camel_tools")


def _where() -> str:
    said = VARIABLE if VARIABLE in os.environ else f"the default folder, as {VARIABLE} is not set"
    return f"{folder()} ({said})"


def locate(part: Part, name: str | None) -> Path:
    """Return where a part is installed, by its name or the catalogue's default. Raises EngineError."""
    run = f"run camel_data -i {part.package}, or give {part.option} PATH"
    catalogue = folder() / CATALOGUE
    try:
        components = json.loads(catalogue.read_text("utf-8"))["components"]
        component = components.get(part.component)
    except (FileNotFoundError, NotADirectoryError):
        what = part.called if name is None else f"{name}: no such path, and {part.called}"
        raise EngineError(f"{what} is not installed: there is no {CATALOGUE} in {_where()}: {run}") from None
    except OSError as error:
        raise EngineError(f"{catalogue}: can't be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EngineError(f"{catalogue}: is no catalogue of CAMeL Tools: run camel_data -u, or remove it") from None
    try:
        if component is None:
            raise EngineError(f"{catalogue}: lists no {part.component}: {run}")
        datasets = component["datasets"]
        chosen = component["default"] if name is None else name
        if chosen not in datasets:
            known = " ".join(datasets) or "none"
            raise EngineError(f"{name}: no such path, and no {part.component} of {catalogue}, which lists: {known}")
        inside = Path("data", datasets[chosen]["path"])
    except (KeyError, TypeError):
        raise EngineError(f"{catalogue}: its {part.component} is damaged: run camel_data -u") from None
    path = folder() / inside
    if not path.is_dir():
        raise EngineError(f"{part.called} is not installed: there is no {inside.as_posix()} in {_where()}: {run}")
    return path


def load(module: str) -> ModuleType:
    """Import a module of CAMeL Tools that imports its data module. Raises EngineError where a package lacks.

    Where no catalogue is installed, the module is imported over an empty one, and what the import system knows of the
    data module is dropped again, so that the user's own import of it later finds what is there then.
    """
    kept = {name: held for name, held in sys.modules.items() if name.startswith("camel_tools.")}
    try:
        if _DATA in sys.modules:
            return import_module(module)
        if (folder() / CATALOGUE).is_file():
            with _environment(folder()):
                import_module(_DATA)
            return import_module(module)
        with TemporaryDirectory(prefix="arner-") as empty:
            (Path(empty) / CATALOGUE).write_text(_STUB, "utf-8")
            with _environment(Path(empty)):
                import_module(_DATA)
            loaded = import_module(module)
        for name in [n for n in sys.modules if n.startswith("camel_tools.") and n not in kept]:
            del sys.modules[name]
    except ImportError as error:
        raise EngineError(f"CAMeL Tools can't be loaded: {_line(error)}: run {_INSTALL}") from None
    return loaded


@contextmanager
def _environment(data: Path) -> Iterator[None]:
    """Let CAMeL Tools find its data, and a home folder that it may write, while its data module is imported."""
    homes = ("USERPROFILE",) if sys.platform == "win32" else ("HOME",)
    with TemporaryDirectory(prefix="arner-") as home:
        given = {VARIABLE: str(data), **dict.fromkeys(homes, home)}
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    with suppress(KeyError):
                        del os.environ[name]
                else:
                    os.environ[name] = value


def first_line(error: BaseException) -> str:
    """Return what an error of another package says, cut to one line that can be shown."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said[:200]}" if said else type(error).__name__


def _line(error: ImportError) -> str:
    return f"{error.name} is not installed" if isinstance(error, ModuleNotFoundError) and error.name else str(error)


def quietly() -> Any:  # noqa: ANN401 -- a context manager of the standard library
    """Return a context in which the warnings of other packages on their own future are not shown."""
    import warnings

    return warnings.catch_warnings(action="ignore")
