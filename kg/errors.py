"""What can be wrong with an input or a request, one small class each.

Every error carries one line that names the thing, the place and the cause; the command line prints that line
and nothing else. ``ReportError`` and its kinds fail one input and let the others go on; ``UsageError`` is the
caller's mistake.
"""


class KgError(Exception):
    """The root of all errors that a user may meet; ``str(error)`` is one line."""


class UsageError(KgError):
    """The request itself is wrong: an unknown query, a missing parameter, a format nobody writes."""


class ReportError(KgError):
    """One input could not be turned into a Document."""


class EmptyInput(ReportError):
    """The file has no bytes, or no text in them."""


class WrongKind(ReportError):
    """The bytes are not of the kind that the file's ending says."""


class DamagedInput(ReportError):
    """The file is of the right kind but cannot be read to its end."""


class EncryptedInput(ReportError):
    """The file asks for a password."""


class ScannedInput(ReportError):
    """A PDF of pictures: there is no text layer to read."""


class UnreadableInput(ReportError):
    """The file cannot be opened: missing, a folder, or without read permission."""


class TooLarge(ReportError):
    """The file is beyond a limit of kg.limits: its bytes, pages, characters or table cells."""


class MissingTool(ReportError):
    """The kind of file needs a program that is not installed (LibreOffice for .doc and .wps)."""


class UnsupportedKind(ReportError):
    """No reader knows this ending."""


class BrokenStatementFile(KgError):
    """A line of a statement file is not what docs/statement-files.md says."""


class BrokenRegistry(KgError):
    """A line of ``identity/registry.jsonl`` is not a key with its IRI."""


class BrokenManifest(KgError):
    """``reports.csv`` of a home is no table of reports, or a cell of it is no year or level."""


class BusyHome(KgError):
    """Somebody else writes into the home just now."""


class MissingStore(KgError):
    """The home has no store that could answer."""


class RefusedQuery(UsageError):
    """The query is not one that only reads the graph, or is not SPARQL."""


class WrongForm(UsageError):
    """The answer is not written in any of the wanted formats."""


class StoppedQuery(KgError):
    """The query took more than it may: memory, rows, bytes, time."""


class SlowQuery(StoppedQuery):
    """The query took longer than it may."""


class BusyServer(KgError):
    """More wait for an answer than the server takes on."""


class ClusterError(KgError):
    """The Dask cluster that should read is not there, was lost, or would read otherwise than this machine."""


class BrokenDecisions(KgError):
    """``identity/decisions.yaml`` cannot be read, or two of its decisions contradict each other."""
