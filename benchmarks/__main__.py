"""Slow results and timings of *Gradients by Hand*."""

import argparse
import importlib
import inspect
import pkgutil
import time

from benchmarks import recipes
from byhand import results
from dlcore.errors import StaleResult


def main():
    """Parse the command line and run the chosen command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND")
    parser.set_defaults(run=lambda args: importlib.import_module("benchmarks.speed").main())
    commands.add_parser("speed", help="layers and PyTorch's (the default)")

    command = commands.add_parser("results", help="compute missing and stale slow results")
    command.add_argument("names", nargs="*", metavar="NAME", help="all of them by default")
    command.add_argument("--force", action="store_true", help="compute fresh ones too")
    command.add_argument("--mnist", metavar="PATH", help="a folder with the MNIST files")
    command.set_defaults(run=lambda args: renew(args.names, args.force, args.mnist))

    command = commands.add_parser("loops", help="loops, NumPy and PyTorch on logistic regression")
    command.set_defaults(run=lambda args: importlib.import_module("benchmarks.loops").main())

    command = commands.add_parser("digits", help="networks trained on real digits")
    command.add_argument("--mnist", metavar="PATH", help="a folder with the MNIST files")
    command.set_defaults(
        run=lambda args: importlib.import_module("benchmarks.digits").main(args.mnist)
    )

    args = parser.parse_args()
    args.run(args)


def recipe_names():
    """Return the name of every recipe."""
    return [module.name for module in pkgutil.iter_modules(recipes.__path__)]


def renew(names, force=False, mnist_path=None):
    """Compute the named results (all by default) that are missing or stale.

    A recipe that reads MNIST takes ``mnist_path``, the folder of its files; without it they are
    downloaded.

    Raises
    ------
    SystemExit
        When a name is not a recipe's.
    """
    if unknown := set(names) - set(recipe_names()):
        raise SystemExit(f"no recipe {sorted(unknown)}; there are {recipe_names()}")
    for name in names or recipe_names():
        if not force and is_fresh(name):
            print(f"{name}: fresh")
            continue
        recipe = importlib.import_module(f"benchmarks.recipes.{name}")
        start = time.perf_counter()
        reads_mnist = "mnist_path" in inspect.signature(recipe.compute).parameters
        inputs = {"mnist_path": mnist_path} if reads_mnist else {}
        results.save(name, recipe.SETTINGS, recipe.compute(recipe.SETTINGS, **inputs))
        print(f"{name}: computed in {time.perf_counter() - start:.0f} s")


def is_fresh(name):
    """Tell whether a stored result can be loaded."""
    try:
        results.load(name)
    except (FileNotFoundError, StaleResult):
        return False
    return True


if __name__ == "__main__":
    main()
