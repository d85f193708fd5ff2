"""The wheel and the sdist: built, compared with the repository, installed and used elsewhere.

They take a minute and an index of packages, so they run only when asked for: ``-m packaging``.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

import dlcore
from tests.require import require

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[1]
STATIC = "byhand/labs/static/"
BUNDLE = {f"{STATIC}{name}" for name in ("labs.js", "labs.css")}
LABS = [path.stem for path in (ROOT / "byhand/labs/browser/labs").glob("*.js")]
# What the bundles and a page that runs itself are made from.
ONLY_IN_THE_REPOSITORY = ("byhand/labs/browser/", "byhand/live/browser/", "byhand/live/stubs/")
POSTERS = {f"{STATIC}{lab}.{kind}" for lab in LABS for kind in ("svg", "png")}


def run(*command, cwd):
    """Run a command without the settings of this session's Python; return what it prints."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def tracked():
    """Return the names of the files that git tracks, and of those it would."""
    require("a git checkout", (ROOT / ".git").exists(), "git clone")
    names = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT).split("\0")
    return {name for name in names if (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def source(tracked, tmp_path_factory):
    """Return a copy of the repository as git has it, without the labs' bundle."""
    folder = tmp_path_factory.mktemp("source")
    for name in tracked:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def built(source, tmp_path_factory):
    """Build the sdist from the repository and the wheel from the sdist; return both, unpacked."""
    require("build", importlib.util.find_spec("build"), "pip install -r requirements-dev.txt")
    for name in BUNDLE | POSTERS:
        require("the bundle of the labs", (ROOT / name).is_file(), "npm ci && npm run build")
    whole, out = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("out")
    shutil.copytree(source, whole, dirs_exist_ok=True)
    shutil.copytree(ROOT / "byhand/labs/static", whole / "byhand/labs/static")
    run(sys.executable, "-m", "build", "--outdir", out, cwd=whole)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "wheel")
    folder = out / sdist.name.removesuffix(".tar.gz")
    return SimpleNamespace(wheel=wheel, in_wheel=out / "wheel", in_sdist=folder)


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def environment(folder, *arguments):
    """Install into a new virtual environment; return its Python."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", *arguments, cwd=folder)
    return python


@pytest.fixture(scope="module")
def alone(built, tmp_path_factory):
    """Return a Python with the wheel and what it asks for, and nothing else."""
    pins = [f"{package}=={metadata.version(package)}" for package in ("numpy", "tqdm")]
    return environment(tmp_path_factory.mktemp("alone"), built.wheel, *pins)


def answer(python, code):
    """Run code in an environment, in a folder of its own; return what it prints."""
    check = """
import pathlib, sys
import byhand, dlcore
for package in (dlcore, byhand):
    assert pathlib.Path(package.__file__).is_relative_to(sys.prefix), package.__file__
"""
    return run(python, "-I", "-c", check + code, cwd=python.parents[1])


def test_the_wheel_holds_both_packages_their_files_and_the_stored_results(built, tracked):
    expected = {name for name in tracked if name.startswith(("dlcore/", "byhand/"))}
    expected = {name for name in expected if not name.startswith(ONLY_IN_THE_REPOSITORY)}
    expected |= BUNDLE | POSTERS
    stored = {name for name in tracked if re.fullmatch(r"results/\w+\.json", name)}
    assert {"dlcore/py.typed", "byhand/py.typed", "results/lenet_small.json"} <= expected | stored
    expected |= {name.replace("results/", "byhand/stored/") for name in stored}
    in_wheel = {name for name in files(built.in_wheel) if ".dist-info/" not in name}
    assert in_wheel == expected
    for name in stored:
        copy = built.in_wheel / "byhand/stored" / Path(name).name
        assert copy.read_bytes() == (ROOT / name).read_bytes()


def test_the_sdist_holds_what_git_tracks_and_the_bundle(built, tracked):
    made = {"PKG-INFO", "setup.cfg"}
    in_sdist = {name for name in files(built.in_sdist) if ".egg-info/" not in name}
    assert in_sdist == tracked | BUNDLE | POSTERS | made


def test_what_the_wheel_says_of_itself(built):
    (info,) = built.in_wheel.glob("*.dist-info")
    said = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    assert (said["Name"], said["Version"]) == ("dlcore", dlcore.__version__)
    assert f"version: {dlcore.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    needed = [name for name in said.get_all("Requires-Dist") if "extra ==" not in name]
    assert [re.match(r"\w+", name)[0] for name in needed] == ["numpy", "tqdm"]
    assert said.get_all("Provides-Extra") == ["data", "search", "book", "test", "site"]
    assert (info / "licenses" / "LICENSE").is_file()


def test_the_wheel_trains_and_checks_with_numpy_and_tqdm_alone(alone):
    printed = answer(alone, """
from importlib import metadata
import numpy as np
from byhand import check, results
from dlcore import datasets, losses, training
from dlcore.layers import Affine, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import Adam

print(sorted(found.name for found in metadata.distributions()))
rng = np.random.default_rng(0)
X, y = datasets.xor(rng)
net = Sequential(fc1=Affine(2, 8), tanh1=Tanh(), fc2=Affine(8, 1))
params, history = training.fit(
    net, net.init(rng), X, y[:, None], loss=losses.logistic, optimizer=Adam(0.1), epochs=100,
    progress=False,
)
scores, _ = net.forward(params, X)
print(np.mean((scores[:, 0] > 0) == y) > 0.95)
check("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
print(datasets.digits()[0].shape, datasets.breast_cancer()[0].shape)
""").splitlines()  # fmt: skip
    assert printed[:2] == ["['dlcore', 'numpy', 'tqdm']", "True"]
    assert "sigmoid" in " ".join(printed[2:-1])
    assert printed[-1] == "(1797, 1, 8, 8) (569, 30)"


def test_the_wheel_draws_a_lab_that_is_alive_with_numpy_and_tqdm_alone(alone):
    html = answer(alone, """
from byhand import labs
from byhand.labs.lab import bundle
shown = labs.learning_rate()._repr_mimebundle_()
print(shown["text/html"])
script, style = bundle()
assert "GradientsLabs" in script and ".lab" in style
assert shown["image/png"].startswith(b"\\x89PNG")
""")  # fmt: skip
    assert html.startswith('<figure class="lab" id="lab-learning-rate"')
    assert '<noscript><img src="data:image/svg+xml,' in html
    assert '<script type="application/json">{"name":"learning-rate"' in html
    assert "npm" not in html


def test_the_wheel_names_what_a_plot_needs(alone):
    printed = answer(alone, """
try:
    from byhand import plotting
except ImportError as error:
    print(error)
""")  # fmt: skip
    assert printed.endswith("matplotlib is not installed; pip install dlcore[book]\n")


def test_the_wheel_loads_a_stored_result_and_draws_the_lab_that_reads_it(alone):
    printed = answer(alone, """
from byhand import labs, results
print(sorted(results.load("lenet_small")["values"]))
print(labs.lenet().html())
""")  # fmt: skip
    assert printed.startswith("['accuracy', 'samples', 'theta']\n<figure")


def test_every_test_of_the_sdist_can_be_collected(built):
    last = run(sys.executable, "-m", "pytest", "-q", "--collect-only", cwd=built.in_sdist)
    assert re.match(r"\d+/\d+ tests collected", last.splitlines()[-1]), last


def test_tests_pass_and_the_labs_are_bundled_in_the_unpacked_sdist(built, tmp_path):
    require("node_modules", (ROOT / "node_modules").is_dir(), "npm ci")
    (built.in_sdist / "node_modules").symlink_to(ROOT / "node_modules")
    some = [
        "tests/test_levels.py",
        "tests/dlcore/layers/test_affine.py",
        "tests/dlcore/test_datasets.py::test_all_digits",
        "tests/byhand/exercises/test_checking.py",
        "tests/byhand/labs/test_text.py",
    ]
    printed = run(sys.executable, "-m", "pytest", "-q", *some, cwd=built.in_sdist)
    assert re.match(r"\d{3} passed in", printed.splitlines()[-1]), printed
    run("node", "byhand/labs/browser/build.mjs", tmp_path, cwd=built.in_sdist)
    assert {f"byhand/labs/static/{name}" for name in files(tmp_path)} == BUNDLE


@pytest.mark.parametrize("kind", ["--wheel", "--sdist"])
def test_without_the_bundle_nothing_is_built(source, kind, tmp_path):
    require("build", importlib.util.find_spec("build"), "pip install -r requirements-dev.txt")
    process = subprocess.run(
        [sys.executable, "-m", "build", kind, "--outdir", tmp_path],
        cwd=source, capture_output=True, text=True,
    )  # fmt: skip
    assert process.returncode != 0
    said = process.stdout + process.stderr
    assert "byhand/labs/static/labs.js is missing" in said
    assert "npm ci && npm run build" in said
    assert not list(tmp_path.iterdir())


def test_an_editable_install_needs_no_bundle(source, tmp_path):
    python = environment(tmp_path / "env", "--no-deps", "-e", source)
    where = run(python, "-I", "-c", "import byhand; print(byhand.__file__)", cwd=tmp_path)
    assert Path(where.strip()) == source / "byhand" / "__init__.py"
