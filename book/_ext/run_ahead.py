"""Run the notebooks that a build will read, several at once, before it reads the first.

myst-nb runs a notebook when its turn comes, one after the other. What ran ahead it finds in its
cache. What failed here fails there again, and myst-nb reports it.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx.util.display import status_iterator


def run_ahead(app, env, docnames):
    """Run those of the documents that are notebooks and are not in the cache; the longest first."""
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = [Path(env.doc2path(name)) for name in docnames]
    notebooks = {p: nbformat.read(p, as_version=4) for p in paths if p.suffix == ".ipynb"}
    missing = [path for path, notebook in notebooks.items() if not is_cached(cache, notebook)]
    missing.sort(key=lambda path: path.stat().st_size, reverse=True)

    def run(path):
        return single_nb_execution(
            notebooks[path],
            cwd=str(path.parent),
            timeout=app.config.nb_execution_timeout,
            allow_errors=False,
        )

    # A thread waits for its kernel, which has a core of its own where there are two.
    with ThreadPoolExecutor(max(2, os.cpu_count())) as pool:
        runs = zip(missing, pool.map(run, missing), strict=True)
        told = {"length": len(missing), "stringify_func": lambda run: run[0].stem}
        for path, result in status_iterator(runs, "running notebooks... ", **told):
            if result.err is None:
                data = {"execution_seconds": result.time}
                bundle = CacheBundleIn(notebooks[path], str(path), data=data)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def is_cached(cache, notebook):
    """Tell whether the cache holds the outputs of a notebook with these cells."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def setup(app):
    """Connect to Sphinx."""
    app.connect("env-before-read-docs", run_ahead)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
