"""Troubles that a person can mend, told in one sentence each."""

import errno
import re
from pathlib import Path


class Trouble(Exception):
    """Set-up cannot go on; the message is one sentence that says what is wrong and how to mend it."""


NETWORK = re.compile(
    "Failed to establish a new connection|Temporary failure in name resolution|Name or service not known"
    "|Network is unreachable|Connection refused|ConnectTimeout|ReadTimeout|ProxyError|NewConnectionError"
    r"|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENETUNREACH|network request",
)
FULL_DISK = re.compile("No space left on device|ENOSPC|disk quota exceeded|database or disk is full", re.IGNORECASE)
NO_RIGHT = re.compile("Permission denied|EACCES|EROFS|Read-only file system|readonly database")
NEWER_DATABASE = re.compile(r"Can't locate revision identified by '([^']+)'")
NOT_A_DATABASE = re.compile("file is not a database|database disk image is malformed")
WRONG_HASH = re.compile("DO NOT MATCH THE HASHES|EINTEGRITY")
SETTINGS = re.compile(r"^(?:\S*Error: )?(Ideabox cannot start: .+)$", re.MULTILINE)
NO_PACKAGE = re.compile(r"satisfies the requirement (\S+) \(from versions:|No matching distribution found for (\S+)")
NO_DATABASE = re.compile(r"connection (?:to server .*? )?failed|could not translate host name|Is the server running")


def from_output(step: str, output: str, folder: Path, log: Path) -> Trouble:
    """Read what a failed command printed and say the likely cause; `log` keeps the whole of it."""
    if found := SETTINGS.search(output):
        return Trouble(found.group(1))
    if found := NEWER_DATABASE.search(output):
        return newer_database(found.group(1))
    if NOT_A_DATABASE.search(output):
        return Trouble(f"{step}: the database file is not a database: restore a backup, or move the file away.")
    if FULL_DISK.search(output):
        return full_disk(folder)
    if WRONG_HASH.search(output):
        return Trouble(
            f"{step}: a downloaded file does not match its hash in the lock: try again, and if it stays so, "
            "do not install it but tell the project."
        )
    if NO_DATABASE.search(output):
        return Trouble(f"{step}: the database server does not answer: check DATABASE_URL and that the server runs.")
    if NETWORK.search(output):
        return Trouble(
            f"{step}: the package registry cannot be reached: check the network (and HTTPS_PROXY or "
            "PIP_INDEX_URL if you use them), then run the same command again."
        )
    if NO_RIGHT.search(output):
        return no_right(folder)
    if found := NO_PACKAGE.search(output):
        return Trouble(
            f"{step}: no ready-made package of {found.group(1) or found.group(2)} was found for this Python and "
            "machine: check the network, and use Python 3.11 to 3.14 on 64-bit Linux or macOS."
        )
    return Trouble(f"{step} failed: {last_words(output)} (the whole output is in {log}).")


def from_os_error(error: OSError, folder: Path) -> Trouble:
    """Say in a sentence what the operating system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_disk(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return no_right(Path(error.filename) if error.filename else folder)
    return Trouble(f"{error.strerror or error}: {error.filename or folder}")


def full_disk(folder: Path) -> Trouble:
    """No room where the clone lies."""
    return Trouble(f"The disk that holds {folder} is full: free about 1 GB, then run the same command again.")


def no_right(folder: Path) -> Trouble:
    """The person who started us may not write there."""
    return Trouble(f"You may not write in {folder}: run as its owner, or clone Ideabox into a folder of your own.")


def newer_database(revision: str) -> Trouble:
    """The database was migrated by a later version of Ideabox than this one."""
    return Trouble(
        f"The database was made by a newer version of Ideabox (its revision {revision} is unknown here): "
        "update this clone with `git pull`, or restore a backup made by this version."
    )


def last_words(output: str) -> str:
    """Return the last line that says something, for lack of a better explanation."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it printed nothing"
