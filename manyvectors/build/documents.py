"""The texts of a study that are not speeches: its documents, between their marks, and acts that a reader fetched."""

from pathlib import Path

from .archive import SourceError


def texts(folder, study):
    """Read the documents of a study that are not speeches, without the page furniture around them.

    ``folder``: path-like. ``study``: Study. Returns dict: ``doc_id`` to (file content as bytes, text between the
    marks). SourceError if a file or one of its marks is missing.
    """
    found = {}
    for doc_id, entry in study.documents.items():
        path = Path(folder) / entry["file"]
        if not path.is_file():
            raise SourceError(
                f"{doc_id}: no file {path.name} in {folder}, which must hold all that documents.yml names"
            )
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").splitlines()
        first = _find(lines, entry.get("begin"), doc_id) + 1 if entry.get("begin") else 0
        last = _find(lines, entry.get("end"), doc_id) if entry.get("end") else len(lines)
        found[doc_id] = raw, "\n".join(lines[first:last])
    return found


def sections(body, study):
    """Cut the text of the study's extract into its sections.

    ``body``: as :func:`texts` returns it. ``study``: Study. Returns dict: section (see ``study.sections``) to its text,
    heading and lead-in included. Nothing is left out but what is before the first heading, which must be blank.
    SourceError if a heading is missing, the headings are in another order, or words stand before the first.
    """
    lines = body.splitlines()
    marks = study.documents[study.extract]["sections"]
    starts = [_find(lines, mark, study.extract) for mark in marks.values()]
    if starts != sorted(starts) or "".join(lines[: starts[0]]).strip():
        raise SourceError(
            f"{study.extract}: the headings are in another order, or words stand before the first; "
            "this is another copy than the one that was counted"
        )
    ends = [*starts[1:], len(lines)]
    return {name: "\n".join(lines[i:j]) for name, i, j in zip(marks, starts, ends, strict=True)}


def _find(lines, mark, doc_id):
    for i, line in enumerate(lines):
        if line.strip().startswith(mark):
            return i
    raise SourceError(f"{doc_id}: no line begins with {mark!r}; this is another copy than the one that was counted")


def decrees(folder, study, language):
    """Read the acts of a study that a reader has fetched or put into a folder.

    ``folder``: with ``<id>.<language>.txt`` for every act of ``study.decrees`` that has the language; the folder that
    holds ``decrees/`` will do as well. ``study``: Study. ``language``: as in ``documents.yml``. Returns dict: year of
    the act to its text, in order of time. SourceError if no act has the language, or a file is missing or is no UTF-8
    text.
    """
    folder = Path(folder)
    folder = folder / "decrees" if (folder / "decrees").is_dir() else folder
    found = {}
    acts = {name: act for name, act in study.decrees.items() if language in act["languages"]}
    if not acts:
        raise SourceError(f"documents.yml of study {study.name} has no act in {language!r}; choose another language")
    for name, act in sorted(acts.items(), key=lambda item: item[1]["date"]):
        year, path = int(act["date"][:4]), folder / f"{name}.{language}.txt"
        try:
            found[year] = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise SourceError(
                f"the act of {year} is not at {path}; `python -m manyvectors fetch decrees` tries to bring it, "
                "or save the text of the page there"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{path} cannot be read as UTF-8 text ({error})") from None
    return found
