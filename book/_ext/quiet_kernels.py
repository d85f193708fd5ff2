"""Start kernels with an IPython profile of the book's own, in ``_build``.

ipykernel warns that a kernel talks over TCP without encryption. The book's kernels talk to this
machine only, and a run without problems prints no warning.
"""

import os
from pathlib import Path


def use_profile(folder, *lines):
    """Write the profile, with these lines besides; kernels that start later use it."""
    profile = Path(folder) / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    settings = ["c = get_config()", 'c.IPKernelApp.log_level = "ERROR"', *lines]
    (profile / "ipython_config.py").write_text("\n".join(settings) + "\n")
    os.environ["IPYTHONDIR"] = str(folder)  # kernels inherit it


def set_profile(app, config):
    """Use the profile for the notebooks of this build."""
    use_profile(Path(app.outdir).parent / "ipython_build")


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", set_profile)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
