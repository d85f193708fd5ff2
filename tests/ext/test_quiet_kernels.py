"""The kernels of a build: quiet, and each on one thread."""

import pytest

PRINT = "import os\nprint(*(os.environ[name] for name in {}))"


def test_a_build_shows_static_labs_and_no_progress_bars_on_one_thread(small_book):
    book = small_book("quiet_kernels", settings='nb_execution_mode = "force"\n')
    (book.root / "chapters/03_logistic_regression.md").unlink()
    names = ["DLCORE_LABS", "TQDM_DISABLE", "OPENBLAS_NUM_THREADS"]
    book.write_notebook("chapters/03_logistic_regression.ipynb", PRINT.format(names))
    assert book.build() is None
    assert "static 1 1" in book.page()


def test_a_folder_that_can_not_be_written_is_named(tmp_path):
    from quiet_kernels import use_profile

    (tmp_path / "a file").write_text("in the way")
    with pytest.raises(SystemExit, match=r"use_profile: .*a file.* cannot be written"):
        use_profile(tmp_path / "a file" / "ipython")
