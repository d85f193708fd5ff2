"""Importing this loads Sphinx: ``sphinx_process`` forks its processes from where that was done."""

from tests.ext import sphinx_process

sphinx_process.warm_up()
