"""Slow results and timings of *Gradients by Hand*."""

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.freshness import StaleResult, require_fresh

ROOT = Path(__file__).resolve().parents[1]
OPENBLAS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def _live(args):
    importlib.import_module("benchmarks.live").main(args.chapters)


def _labs(args):
    labs = importlib.import_module("benchmarks.labs")
    if args.slow:
        labs.main_slow()
    else:
        labs.main(args.rounds)


def main():
    """Parse the command line and run the chosen command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND")
    parser.set_defaults(run=lambda args: _module("speed").main(), kernels=None, computes=True)
    command = commands.add_parser("speed", help="layers and PyTorch's (the default)")
    command.add_argument("--kernels", metavar="NAME", help="OpenBLAS's, such as SkylakeX")

    command = commands.add_parser("results", help="compute missing and stale slow results")
    command.add_argument("names", nargs="*", metavar="NAME", help="all of them by default")
    command.add_argument("--force", action="store_true", help="compute fresh ones too")
    command.add_argument("--mnist", metavar="PATH", help="a folder with the MNIST files")
    command.add_argument(
        "--sample", type=int, metavar="N", help="compute N stale draws a recipe, keep others alike"
    )
    command.set_defaults(
        run=lambda args: _module("renew").renew(
            ROOT,
            args.names,
            force=args.force,
            mnist_path=args.mnist,
            sample=args.sample,
        )
    )

    command = commands.add_parser("stale", help="list missing and stale slow results")
    command.set_defaults(run=lambda args: stale(), computes=False)

    command = commands.add_parser("loops", help="loops, NumPy and PyTorch on logistic regression")
    command.set_defaults(run=lambda args: _module("loops").main())

    command = commands.add_parser("digits", help="networks trained on real digits")
    command.add_argument("--mnist", metavar="PATH", help="a folder with the MNIST files")
    command.set_defaults(run=lambda args: _module("digits").main(args.mnist))

    command = commands.add_parser("checks", help="the exercises' checks on many draws")
    command.add_argument("--draws", type=int, default=500, help="of their cases (default 500)")
    command.set_defaults(run=lambda args: _module("checks").main(args.draws))

    command = commands.add_parser("labs", help="how fast the labs of the built book answer a key")
    command.add_argument("--rounds", type=int, default=5, help="openings of each page (default 5)")
    command.add_argument("--slow", action="store_true", help="each lab alone, 4 times slowed down")
    command.set_defaults(run=_labs)

    command = commands.add_parser("live", help="what the pages that run themselves take")
    command.add_argument("chapters", nargs="*", metavar="NN", help="all of them by default")
    command.set_defaults(run=_live)

    args = parser.parse_args()
    if args.computes:
        as_installed(args.kernels)
    args.run(args)


def as_installed(kernels=None):
    """Start this command anew where the environment changes what OpenBLAS chooses by itself.

    Readers have NumPy as it is installed, and so its figures should be. The new process takes the
    place of this one where the system can do that, so that an interrupt reaches it.

    Parameters
    ----------
    kernels : str, optional
        Those to take instead of OpenBLAS's own choice.

    Raises
    ------
    SystemExit
        On Windows, with the exit status of the command that was started.
    """
    set_now = {name: os.environ[name] for name in OPENBLAS if name in os.environ}
    wanted = {"OPENBLAS_CORETYPE": kernels} if kernels else {}
    if set_now == wanted:
        return
    rest = {name: value for name, value in os.environ.items() if name not in OPENBLAS}
    command = [sys.executable, "-m", "benchmarks", *sys.argv[1:]]
    if os.name == "posix":
        os.execve(command[0], command, rest | wanted)
    raise SystemExit(subprocess.run(command, env=rest | wanted, check=False).returncode)


def _module(name):
    """Import a command's module only when it is asked for."""
    return importlib.import_module(f"benchmarks.{name}")


def stale():
    """Say which results are stale.

    Raises
    ------
    SystemExit
        When there are any.
    """
    try:
        require_fresh(ROOT)
    except StaleResult as error:
        raise SystemExit(str(error)) from None
    print("all results are fresh")


if __name__ == "__main__":
    main()
