"""An evidence package: a description with its verdicts and all they lean on, in one ZIP, to be read without a server.

    pack(Path("plein.ttl"), Path("plein.zip"), lang="en")
    verify(Path("plein.zip")).same      True: no byte has changed, and the verdicts are the same

What is in it stands in index.html for people and in ro-crate-metadata.json for programs (RO-Crate 1.1). The digests in
manifest-sha256.txt can be checked without Vereend, with `sha256sum -c`. They tell a changed file from the one that was
packed; who packed it they cannot tell, for that a signature is needed.
"""

import datetime
import hashlib
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from vereend import __version__, citing, content
from vereend.answers import file_beside
from vereend.differences import Differences, diff
from vereend.errors import VereendError
from vereend.formats.page import style, template
from vereend.networks import network
from vereend.reading import Description, read
from vereend.report import Report
from vereend.rules import Texts
from vereend.sentences import read_out, to_text
from vereend.stored_queries import read_query
from vereend.terms import LANGUAGES
from vereend.validation import validate
from vereend.wording import VERDICT_NAMES
from vereend.writing import whole

MANIFEST, SETTINGS, CRATE, INDEX = "manifest-sha256.txt", "settings.json", "ro-crate-metadata.json", "index.html"
REPORT = "report/report.json"
# Largest package read, in bytes when unpacked. One holds about five MB, most of it law and ontology.
MAX_PACKAGE_BYTES = 200_000_000
# The content of the project that verdicts lean on.
_LEANT_ON = (("ontology",), ("shapes",), ("kg", "law"), ("kg", "sources"))
_REPORTS = {"html": "report.{lang}.html", "csv": "report.{lang}.csv", "json": "report.json", "turtle": "report.ttl"}
_MEDIA = {
    ".html": "text/html",
    ".csv": "text/csv",
    ".json": "application/json",
    ".ttl": "text/turtle",
    ".rq": "application/sparql-query",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".bib": "application/x-bibtex",
    ".yaml": "application/yaml",
    ".jsonld": "application/ld+json",
}
# A ZIP holds a time for each file; one time for all makes equal content equal bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_SAYS: dict[str, Texts] = {
    "title": {"nl": "Bewijspakket: {name}", "en": "Evidence package: {name}"},
    "same": {"nl": "Ongewijzigd, en de verdicten zijn dezelfde.", "en": "Unchanged, and the verdicts are the same."},
    "files changed": {"nl": "Gewijzigd sinds het pakken: {names}", "en": "Changed since it was packed: {names}"},
    "files missing": {"nl": "Verdwenen sinds het pakken: {names}", "en": "Gone since it was packed: {names}"},
    "files added": {"nl": "Toegevoegd sinds het pakken: {names}", "en": "Added since it was packed: {names}"},
    "rules changed": {
        "nl": "De regels zijn hier niet die van het pakket ({names}): een ander verdict kan daaraan liggen.",
        "en": "The rules here are not those of the package ({names}): another verdict may be due to that.",
    },
    "not judged": {
        "nl": "De verdicten zijn niet nagegaan: wat gewijzigd is, is niet wat beoordeeld was.",
        "en": "The verdicts were not checked: what has changed is not what was judged.",
    },
    "verdicts changed": {"nl": "Verdicten die nu anders zijn:", "en": "Verdicts that are now others:"},
}


@dataclass(frozen=True)
class Verification:
    """What came of checking a package."""

    changed: tuple[str, ...]  # files whose digest is another
    missing: tuple[str, ...]
    added: tuple[str, ...]
    other_rules: tuple[str, ...]  # content of the project that is not what was packed
    differences: Differences | None  # None: not judged again, since something had changed

    @property
    def whole(self) -> bool:
        """Whether every file is as it was packed."""
        return not (self.changed or self.missing or self.added)

    @property
    def same(self) -> bool:
        """Whether every file is as it was packed, and judging anew gives the same verdicts."""
        found = self.differences
        return (
            self.whole and found is not None and not found.unjudged and len(found.of("same")) == len(found.differences)
        )

    def to_text(self, lang: str) -> str:
        """Tell people."""
        if self.same and not self.other_rules:
            return _SAYS["same"][lang]
        listed = {
            "files changed": self.changed,
            "files missing": self.missing,
            "files added": self.added,
            "rules changed": self.other_rules,
        }
        out = [_SAYS[key][lang].format(names=", ".join(names)) for key, names in listed.items() if names]
        if self.differences is None:
            out.append(_SAYS["not judged"][lang])
        elif self.same:
            out.append(_SAYS["same"][lang])
        else:
            out += [_SAYS["verdicts changed"][lang], self.differences.to_text(lang)]
        return "\n".join(out)


def pack(
    path: Path,
    out: Path,
    *,
    lang: str,
    phase: str | None = None,
    on: str | None = None,
    rules: Sequence[str] | None = None,
    engine: str = "auto",
    queries: Sequence[Path] = (),
) -> Report:
    """Write the evidence package of a description.

    Args:
        out: a new file ending in .zip.
        lang: of the index; reports and sentences are there in every language.
        phase, on, rules, engine: as for `validate`.
        queries: stored questions to answer over the project's graph and this description.
    Returns:
        The report that went into it.
    Raises:
        VereendError: a file that cannot be read, written or asked; a file that exists already; another ending.
    """
    if out.suffix.lower() != ".zip":
        raise VereendError(str(out), "is not a ZIP", "Give it a name ending in .zip")
    if out.exists():
        raise VereendError(str(out), "exists already", "Choose another name: a package is never overwritten")
    description = replace(read(path), name=path.name)
    report = validate([description], phase=phase, on=on, rules=rules, engine=engine)
    files = _description_files(path, description) | _report_files(report) | _answers(path, queries, lang) | _leant_on()
    settings = {
        "vereend": __version__,
        "description": f"description/{path.name}",
        "on": report.date,
        "phase": phase,
        "rules": list(rules) if rules else None,
        "engine": report.engine,
        "packed": datetime.date.today().isoformat(),
    }
    files[SETTINGS] = _json(settings)
    files[INDEX] = _index(description, report, files, settings, lang).encode()
    files[CRATE] = _json(_crate(description, report, files, settings))
    files[MANIFEST] = "".join(f"{_digest(data)}  {name}\n" for name, data in sorted(files.items())).encode()
    _write(files, out)
    return report


def verify(path: Path) -> Verification:
    """Check that a package is as it was packed, and that judging it anew gives the same verdicts.

    Raises:
        VereendError: no package, one that is too large, or one whose description cannot be read.
    """
    files = _read(path)
    told = _manifest(files.get(MANIFEST), path)
    changed = tuple(n for n, digest in told.items() if n in files and _digest(files[n]) != digest)
    missing = tuple(n for n in told if n not in files)
    added = tuple(sorted(n for n in files if n not in told and n != MANIFEST))
    here = _leant_on()
    packed = {name for name in files if name.startswith("content/")}
    other = tuple(sorted(name for name in packed | set(here) if files.get(name) != here.get(name)))
    if changed or missing or added:
        return Verification(changed, missing, added, other, None)
    settings = json.loads(files[SETTINGS])
    judged = validate(
        [_unpacked(files, settings["description"])],
        phase=settings["phase"],
        on=settings["on"],
        rules=settings["rules"],
        engine=settings["engine"],
    )
    return Verification((), (), (), other, diff(json.loads(files[REPORT]), judged))


def _description_files(path: Path, description: Description) -> dict[str, bytes]:
    files = {f"description/{path.name}": path.read_bytes()}
    beside = file_beside(path)
    if beside.is_file():
        files[f"description/{beside.name}"] = beside.read_bytes()
    for lang in LANGUAGES:
        files[f"description/sentences.{lang}.txt"] = (to_text(read_out(description, lang)) + "\n").encode()
    return files


def _report_files(report: Report) -> dict[str, bytes]:
    from vereend.network_drawing import svg

    files = {
        f"report/{name.format(lang=lang)}": report.to(form, lang).encode()
        for form, name in _REPORTS.items()
        for lang in LANGUAGES
    }
    (file,) = report.files
    for lang in LANGUAGES:
        files[f"pictures/network.{lang}.svg"] = svg(network(file.description), lang).encode()
    return files


def _answers(path: Path, queries: Sequence[Path], lang: str) -> dict[str, bytes]:
    from vereend.questions import ask

    files = {}
    for file in queries:
        stored = read_query(file)
        files[f"queries/{stored.name}.rq"] = file.read_bytes()
        files[f"queries/{stored.name}.csv"] = ask(stored.text, "csv", lang, [path]).encode()
    return files


@cache
def _leant_on() -> dict[str, bytes]:
    """Give the content of the project that verdicts lean on, by its name in a package."""
    root = content.root()
    paths = [path for parts in _LEANT_ON for path in content.turtle_files(*parts)]
    return {f"content/{path.relative_to(root).as_posix()}": path.read_bytes() for path in paths}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(content_: Any) -> bytes:
    return (json.dumps(content_, ensure_ascii=False, indent=2) + "\n").encode()


def _citations(report: Report, description: Description) -> dict[str, str]:
    """Give how to cite the description's verdicts as a whole: the work, with what this outcome depends on."""
    work = citing.work()
    digest = citing.description_digest(description)
    return {"work": f"{'; '.join(work.authors)}. {work.title}. {work.version}.", "digest": digest, "on": report.date}


def _index(
    description: Description, report: Report, files: Mapping[str, bytes], settings: Mapping[str, Any], lang: str
) -> str:
    (file,) = report.files
    groups: dict[str, list[tuple[str, int]]] = {}
    for name, data in sorted(files.items()):
        groups.setdefault(PurePosixPath(name).parts[0], []).append((name, len(data)))
    page: str = template("package.html").render(
        lang=lang,
        css=style(),
        title=_SAYS["title"][lang].format(name=description.name),
        outcomes=[
            (one.label[lang], [f"{VERDICT_NAMES[name][lang]} {number}" for name, number in one.counts.items()])
            for one in file.partnerships
        ],
        structure=[finding.message[lang] for finding in file.structure],
        groups=groups,
        settings=settings,
        cite=_citations(report, description),
        manifest=MANIFEST,
        version=__version__,
    )
    return page


def _crate(
    description: Description, report: Report, files: Mapping[str, bytes], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe the package for programs.

    Source: RO-Crate 1.1, sections "Root data entity" and "Data entities".
    """
    work = citing.work()
    listed = [*sorted(files), MANIFEST]
    entities: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": _SAYS["title"]["en"].format(name=description.name),
            "description": f"A description, its verdicts as of {report.date}, and the rules and sources they lean on.",
            "datePublished": settings["packed"],
            # Of the project's part; what the describer wrote stays theirs.
            "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
            "mainEntity": {"@id": settings["description"]},
            "hasPart": [{"@id": name} for name in listed],
            "mentions": {"@id": "#judged"},
        },
        {
            "@id": "#judged",
            "@type": "CreateAction",
            "name": "Judging by the rules",
            "instrument": {"@id": "#vereend"},
            "object": {"@id": settings["description"]},
            "result": {"@id": REPORT},
            "endTime": settings["packed"],
        },
        {
            "@id": "#vereend",
            "@type": "SoftwareApplication",
            "name": work.title,
            "softwareVersion": __version__,
            "author": [{"@type": "Organization", "name": author} for author in work.authors],
        },
        {
            "@id": "https://creativecommons.org/licenses/by/4.0/",
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0 International",
        },
    ]
    entities += [
        {
            "@id": name,
            "@type": "File",
            "name": PurePosixPath(name).name,
            "encodingFormat": _MEDIA.get(PurePosixPath(name).suffix, "application/octet-stream"),
            **({"contentSize": str(len(files[name])), "sha256": _digest(files[name])} if name in files else {}),
        }
        for name in listed
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": entities}


def _write(files: Mapping[str, bytes], out: Path) -> None:
    """Write a ZIP that is either whole or absent."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    with whole(out) as temporary:
        temporary.write_bytes(packed.getvalue())


def _read(path: Path) -> dict[str, bytes]:
    """Read all files of a package into memory: nothing is written, so no name in it can lead elsewhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            if sum(one.file_size for one in listed) > MAX_PACKAGE_BYTES:
                raise VereendError(
                    str(path), f"is larger than {MAX_PACKAGE_BYTES // 1_000_000} MB", "Check that it is a package"
                )
            files = {}
            for one in listed:
                try:
                    files[one.filename] = archive.read(one)
                except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
                    files[one.filename] = b""  # damaged: it will differ from its digest
            return files
    except OSError as error:
        raise VereendError(str(path), "cannot be read", "Check the name", error.strerror or "") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise VereendError(str(path), "is not a package", "Give one that vereend pack wrote", str(error)) from None


def _manifest(data: bytes | None, path: Path) -> dict[str, str]:
    try:
        rows = [line.split("  ", 1) for line in (data or b"").decode().splitlines()]
        found = {name: digest for digest, name in rows}
    except ValueError as error:
        raise VereendError(str(path), "has a damaged list of digests", "Ask for the package anew", str(error)) from None
    if not {SETTINGS, REPORT, INDEX} <= set(found):
        raise VereendError(str(path), "is not a package", "Give one that vereend pack wrote")
    return found


def _unpacked(files: Mapping[str, bytes], name: str) -> Description:
    """Read the description, with the answers beside it."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / PurePosixPath(name).name
        plain.write_bytes(files[name])
        beside = files.get(f"description/{file_beside(plain).name}")
        if beside is not None:
            file_beside(plain).write_bytes(beside)
        return replace(read(plain), name=plain.name)
