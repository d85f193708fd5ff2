"""What pyproject.toml can not say: where packages lie, and that nothing is built without the labs.

``byhand.stored`` is the folder ``results/`` as the wheel carries it, so that labs which read a
stored result work without the repository.
"""

from pathlib import Path
from shutil import rmtree

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist
from setuptools.errors import FileError

STATIC = Path("byhand", "labs", "static")


def require_bundle():
    """Stop the build when the browser's part of the labs is missing, or a poster."""
    labs = sorted(path.stem for path in Path("byhand", "labs", "browser", "labs").glob("*.js"))
    posters = [f"{lab}.{kind}" for lab in labs for kind in ("svg", "png")]
    for name in ("labs.js", "labs.css", *posters):
        if not (STATIC / name).is_file():
            raise FileError(
                f"{STATIC.as_posix()}/{name} is missing, and without it no lab is alive; build the "
                "labs first: npm ci && npm run build"
            )


class BuildWheel(build_py):
    """Builds in an empty folder, with the bundle. An editable install needs neither."""

    def run(self):
        """Build, unless the bundle is missing."""
        if not self.editable_mode:
            require_bundle()
            rmtree(self.build_lib, ignore_errors=True)  # or what an earlier build left goes along
        super().run()


class BuildSdist(sdist):
    """Packs the bundle too, so that nobody needs Node.js to install from the sources."""

    def run(self):
        """Pack, unless the bundle is missing."""
        require_bundle()
        super().run()


setup(
    packages=[*find_packages(include=["dlcore*", "byhand*"]), "byhand.stored"],
    package_dir={"byhand.stored": "results"},
    cmdclass={"build_py": BuildWheel, "sdist": BuildSdist},
)
