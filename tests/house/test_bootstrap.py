"""The two commands tell each trouble that a person can mend in one sentence, and fail; no traceback."""

import ast
import errno
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ideabox import __main__ as start
from ideabox.bootstrap import assets, cli, data, environment, icons, port, progress, suite, trouble, up

ROOT = Path(__file__).parents[2]
DEAD_INDEX = "http://127.0.0.1:9/simple"


def _clone(folder: Path) -> Path:
    """A clone that nothing was installed in, by copying what a start needs."""
    shutil.copytree(ROOT / "ideabox" / "bootstrap", folder / "ideabox" / "bootstrap")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("ideabox/__init__.py", "ideabox/__main__.py", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _ideabox(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ideabox", *words]
    return subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, text=True, timeout=120, check=False
    )


def _assert_told(run: subprocess.CompletedProcess[str], *words: str) -> None:
    sentence = run.stderr.strip()
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert len(sentence.splitlines()) == 1, sentence
    for word in words:
        assert word in sentence


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return _clone(tmp_path / "clone")


@pytest.mark.parametrize("words", [[], ["fly"], ["up", "--port"], ["up", "--port", "0"], ["up", "--port", "99999"],
                                   ["up", "--port=x"], ["up", "--empty=1"], ["up", "8000"]])  # fmt: skip
def test_words_not_understood_print_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert "usage: python3 -m ideabox up" in capsys.readouterr().err


def test_help_is_not_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["up", "--help"]) == 0
    assert "usage:" in capsys.readouterr().out


def test_options_are_read() -> None:
    assert up.parse([]) == up.Options(8000, False)
    assert up.parse(["--empty", "--port", "8123"]) == up.Options(8123, True)
    assert up.parse(["--port=8124"]) == up.Options(8124, False)


def test_a_busy_port_is_told_before_anything_is_installed(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        number = holder.getsockname()[1]
        run = _ideabox(clone, "up", "--port", str(number))
    _assert_told(run, f"Port {number} is in use", "--port")
    assert not (clone / ".venv").exists()


def test_the_port_that_is_proposed_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder, pytest.raises(trouble.Trouble) as told:
        port.hold(holder.getsockname()[1])
    proposed = int(str(told.value).rsplit("--port ", 1)[1].strip("`."))
    with port.hold(proposed) as free:
        assert free.getsockname() == ("127.0.0.1", proposed)


def test_a_held_port_stays_held() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    with port.hold(number), socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", number))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
def test_an_old_python_gets_a_sentence(clone: Path, version: tuple[int, ...]) -> None:
    program = f"import runpy, sys; sys.version_info = {version}; sys.argv[1:] = ['up'];"
    program += "runpy.run_module('ideabox', run_name='__main__')"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True, timeout=60, check=False
    )
    _assert_told(run, "needs Python 3.11 or newer", f"Python {version[0]}.{version[1]}", "python3.12 -m ideabox up")


def test_this_python_is_young_enough() -> None:
    assert start.complaint(sys.version_info) == ""
    assert start.complaint((3, 11, 0)) == ""


@pytest.mark.parametrize("name", ["ideabox/__init__.py", "ideabox/__main__.py"])
def test_the_first_files_parse_on_old_pythons(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 4))
    young = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, young)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [node.name for node in functions if node.returns or any(arg.annotation for arg in node.args.args)]


def test_bootstrap_needs_nothing_installed() -> None:
    names = ", ".join(sorted(path.stem for path in (ROOT / "ideabox" / "bootstrap").glob("*.py")))
    program = f"import ideabox.__main__; from ideabox.bootstrap import {names.replace('__init__, ', '')}"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {program}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def test_no_network_is_told(clone: Path) -> None:
    dead = {"PIP_INDEX_URL": DEAD_INDEX, "PIP_NO_INDEX": "0", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    run = _ideabox(clone, "up", "--port", str(_free_port()), **dead, PIP_RETRIES="1")
    _assert_told(run, "registry cannot be reached", "check the network")
    assert not list((clone / ".venv").glob(".*.stamp"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("npm error code ENOTFOUND\nnpm error network request to x failed", ["registry cannot be reached"]),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", ["full", "free"]),
        ("sqlite3.OperationalError: database or disk is full", ["full", "free"]),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", ["hash", "try again"]),
        ("npm error code EINTEGRITY", ["hash"]),
        ("error: [Errno 13] Permission denied: '/x'", ["You may not write", "folder of your own"]),
        ("x.SettingsError: Ideabox cannot start: smtp_port: must be a number", ["Ideabox cannot start: smtp_port"]),
        ('psycopg.OperationalError: connection failed: server at "127.0.0.1" Connection refused', ["DATABASE_URL"]),
        ("ERROR: No matching distribution found for nh3==0.3.8", ["nh3==0.3.8", "Python 3.11 to 3.14"]),
        ("one\n  ValueError: odd thing  \n\n", ["ValueError: odd thing", "setup.log"]),
    ],
)
def test_what_a_failed_step_printed_becomes_a_sentence(printed: str, words: list[str], tmp_path: Path) -> None:
    told = str(trouble.from_output("Step", printed, tmp_path, tmp_path / "setup.log"))
    assert "\n" not in told
    for word in words:
        assert word in told


def test_a_failed_step_keeps_its_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = "print('first'); print('last words'); raise SystemExit(3)"
    with pytest.raises(trouble.Trouble, match="Thing failed: last words"):
        progress.run("Thing", [sys.executable, "-c", program], tmp_path, os.environ)
    assert "first\nlast words" in (tmp_path / "instance" / "setup.log").read_text()
    assert "failed" in capsys.readouterr().out


def test_a_full_disk_is_told_before_the_download(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = namedtuple("usage", "total used free")(10**12, 10**12, 100 * 10**6)
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _path: usage)
    monkeypatch.setattr(cli, "ROOT", clone)
    assert cli.main(["up", "--port", str(_free_port())]) == 1
    assert f"The disk that holds {clone} is full: free about 1 GB" in capsys.readouterr().err
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "is full"), (errno.EACCES, "may not write"), (errno.EROFS, "may not write")]
)
def test_refusals_of_the_system_become_sentences(
    number: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_args: object) -> int:
        raise OSError(number, os.strerror(number), "/some/where")

    monkeypatch.setattr(suite, "run", refuse)
    assert cli.main(["test"]) == 1
    assert words in capsys.readouterr().err


def test_no_right_to_write_is_told(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Root may write everywhere, so the system's answer is set and not provoked.
    monkeypatch.setattr(environment.os, "access", lambda path, _mode: path != clone)
    monkeypatch.setattr(cli, "ROOT", clone)
    assert cli.main(["up", "--port", str(_free_port())]) == 1
    assert f"You may not write in {clone}" in capsys.readouterr().err


def test_a_wider_lock_counts_for_a_narrower_one(clone: Path) -> None:
    environment.python(clone).parent.mkdir(parents=True)
    environment.python(clone).symlink_to(sys.executable)
    stamp = environment._stamp(clone, "test")
    stamp.write_text(environment._fingerprint(clone, "test"))
    assert all(environment.packages_are_current(clone, lock) for lock in environment.LOCKS)
    (clone / "requirements" / "test.txt").write_text("changed")
    assert not any(environment.packages_are_current(clone, lock) for lock in environment.LOCKS)


@pytest.mark.parametrize(
    ("script", "usable"),
    [("echo 10.2.4", True), ("echo 7.0.0", True), ("echo 6.14.18", False), ("exit 127", False), ("echo x", False)],
)
def test_an_npm_that_cannot_read_the_lock_is_passed_over(script: str, usable: bool, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.defpath}"}
    assert environment._system_npm(path) == ([str(npm)] if usable else [])
    assert environment._system_npm({"PATH": str(tmp_path / "none")}) == []


def _pins(lock: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="ascii").splitlines()
    return {line.split(" \\")[0] for line in lines if "==" in line}


def test_the_locks_agree_and_hold_no_address() -> None:
    assert _pins("run") < _pins("production") < _pins("test")
    for name in ("requirements/run.txt", "requirements/production.txt", "requirements/test.txt",
                 "requirements/node.txt", "package-lock.json"):  # fmt: skip
        text = (ROOT / name).read_text(encoding="utf-8").replace("https://github.com/sponsors/", "")
        assert "://" not in text, name


def test_the_sprite_holds_each_icon_once() -> None:
    sprite = (assets.vendor_folder(ROOT) / assets.SPRITE).read_text(encoding="utf-8")
    assert [sprite.count(f'<symbol id="{name}"') for name in icons.ICONS] == [1] * len(icons.ICONS)
    assert sprite.count("<symbol") == len(icons.ICONS)
    assert "stroke-width" not in sprite


def test_the_secret_key_is_made_once_and_kept_private(clone: Path) -> None:
    first = data.secret_key(clone)
    assert len(first) == 64
    assert data.secret_key(clone) == first
    assert (clone / "instance" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_real_database_never_gets_the_demo(clone: Path) -> None:
    state = data.open_state(clone)
    (clone / "instance").mkdir()
    (clone / "instance" / "ideabox.sqlite").touch()
    state.mkdir(parents=True)
    (state / "empty.stamp").touch()
    assert data.is_empty(data.open_state(clone), asked=False)
    (state / "empty.stamp").rename(state / "demo.stamp")
    with pytest.raises(trouble.Trouble, match="holds the demo company"):
        data.is_empty(data.open_state(clone), asked=True)


def test_a_lost_database_is_filled_again(clone: Path) -> None:
    state = data.open_state(clone)
    state.mkdir(parents=True)
    (state / "demo.stamp").touch()
    assert not data.open_state(clone).exists()


def test_an_unbound_holder_refuses_visitors_until_the_server_listens() -> None:
    number = _free_port()
    with port.hold(number) as holder:
        with socket.socket() as early:
            assert early.connect_ex(("127.0.0.1", number)) == errno.ECONNREFUSED
        holder.listen()
        answered = threading.Thread(target=holder.accept)
        answered.start()
        with socket.create_connection(("127.0.0.1", number), timeout=5):
            answered.join()


@pytest.fixture
def fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Bring the database of a scratch data folder to this version, as `up --empty` does."""

    def run(**env: str) -> None:
        given = {"IDEABOX_DATA_DIR": str(tmp_path), "IDEABOX_SECRET_KEY": "k" * 32} | env
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        data.fill(ROOT, data.open_state(ROOT), dict(os.environ), empty=True)

    monkeypatch.delenv("DATABASE_URL", raising=False)
    return run


def test_a_database_from_a_newer_version_is_told(fill: Callable[..., None], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ideabox.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('f00000000000')")
    with pytest.raises(trouble.Trouble, match=r"newer version of Ideabox \(its revision f00000000000.*git pull"):
        fill()


def test_a_database_that_does_not_answer_is_told(fill: Callable[..., None]) -> None:
    with pytest.raises(trouble.Trouble, match="database server does not answer: check DATABASE_URL"):
        fill(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{_free_port()}/none")


def test_a_file_that_is_no_database_is_told(fill: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "ideabox.sqlite").write_text("not a database, but long enough to be looked at " * 40)
    with pytest.raises(trouble.Trouble, match="is not a database: restore a backup, or move the file away"):
        fill()


def test_wrong_settings_are_told(fill: Callable[..., None]) -> None:
    with pytest.raises(trouble.Trouble, match=r"^Ideabox cannot start: .*32 characters"):
        fill(IDEABOX_SECRET_KEY="short")


def test_a_second_start_does_nothing(
    fill: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill()
    assert "Database" in capsys.readouterr().out
    fill()
    assert capsys.readouterr().out == ""
    with closing(sqlite3.connect(tmp_path / "ideabox.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
