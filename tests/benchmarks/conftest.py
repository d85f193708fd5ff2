"""A small repository: a recipe that uses one layer of a package of two, and its stored result."""

import json
import textwrap

import pytest

from benchmarks import store
from benchmarks.fingerprint import Code, hash_of
from benchmarks.freshness import module_of, save

FILES = {
    "benchmarks/recipes/__init__.py": '"""The recipes."""\n',
    "benchmarks/recipes/slow.py": '''
        """A recipe."""
        import numpy as np
        from dlcore import losses
        from dlcore.layers import Affine
        from dlcore.training import fit as train

        SETTINGS = {"seeds": 2, "scale": 3}
        SCALES = {3: 30}

        def draws(settings):
            """Draw."""
            return {f"seed {seed}": {"seed": seed} for seed in range(settings["seeds"])}

        def draw(seed):
            """Compute."""
            return train(Affine(SCALES[3] + seed), losses.square)

        def collect(settings, found):
            """Add."""
            return {"sum": _sum(found)}

        def _sum(found):
            return sum(found.values())
    ''',
    "dlcore/__init__.py": '"""A library."""\n__version__ = "1"\n',
    "dlcore/layers/__init__.py": """
        from dlcore.layers.affine import Affine
        from dlcore.layers.relu import ReLU
    """,
    "dlcore/layers/affine.py": '''
        from functools import partial

        from dlcore.errors import check

        TWO = 2

        class Affine:
            """Double."""

            def __call__(self, x):
                """Return 2 x."""
                partial(check, x)()
                return TWO * x
    ''',
    "dlcore/layers/relu.py": "def ReLU(x):\n    return x\n\n\ndef Affine(x):\n    return x\n",
    "dlcore/errors.py": "def check(x):\n    pass\n\n\ndef require(x):\n    pass\n",
    "dlcore/losses.py": "def cube(x):\n    return x**3\n\n\ndef square(x):\n    return x**2\n",
    "dlcore/training.py": 'def fit(*arguments):\n    return "done"\n',
    "byhand/plotting.py": "import matplotlib\n",
}


class Repository:
    """A folder with a recipe, a library, and what is stored.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root):
        self.root = root
        for name, text in FILES.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        self.store()

    def store(self):
        """Store a fresh result: the draws of two seeds, and their sum."""
        store.draws_path(self.root, "slow").parent.mkdir(parents=True, exist_ok=True)
        draw = Code(self.root).fingerprint(module_of("slow"), ["draw"])
        lines = [
            store.line(f"seed {seed}", hash_of(draw, {"seed": seed}), 1.5, 10 * seed)
            for seed in range(2)
        ]
        records = list(map(json.loads, lines))
        store.write_draws(store.draws_path(self.root, "slow"), records)
        save(self.root, Code(self.root), "slow", {"sum": 10})

    def edit(self, name, old, new):
        """Change a file."""
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def repository(tmp_path):
    """Return a small repository whose stored result is fresh."""
    return Repository(tmp_path)
