"""Start kernels with an IPython profile of the book's own, in ``_build``.

ipykernel warns that a kernel talks over TCP without encryption. The book's kernels talk to this
machine only, and a run without problems prints no warning.
"""

import os
from pathlib import Path

# For kernels that nobody watches: a lab in its page form and never a widget; no progress bar that a
# slow machine shows and a fast one does not; and one BLAS thread, because small nets train faster
# on one, the more so where several notebooks run at once.
UNWATCHED = {"DLCORE_LABS": "static", "TQDM_DISABLE": "1", "OPENBLAS_NUM_THREADS": "1"}


def use_profile(folder, *lines):
    """Write the profile, with these lines besides; kernels that start later use it."""
    profile = Path(folder) / "profile_default"
    settings = ["c = get_config()", 'c.IPKernelApp.log_level = "ERROR"', *lines]
    try:
        profile.mkdir(parents=True, exist_ok=True)
        (profile / "ipython_config.py").write_text("\n".join(settings) + "\n")
    except OSError as error:
        raise SystemExit(
            f"use_profile: {error.filename} cannot be written ({error.strerror}), and the book's "
            "kernels need it; work in a copy of your own, or become the owner: chown -R"
        ) from None
    os.environ["IPYTHONDIR"] = str(folder)  # kernels inherit it


def run_unwatched(folder):
    """Use the profile, and the settings of kernels that nobody watches."""
    use_profile(folder)
    os.environ |= UNWATCHED


def set_up(app, config):
    """Run the notebooks of this build unwatched."""
    run_unwatched(Path(app.outdir).parent / "ipython_build")


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", set_up)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
