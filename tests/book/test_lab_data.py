"""The numbers behind a lab's drawings, as a table and as a file."""

import csv

import pytest

from tests.book import alone
from tests.book.keyboard import settle

pytestmark = pytest.mark.browser


@pytest.fixture
def lab(page, alone_url):
    """Return a page with the lab of the learning rate, its data open."""
    page.goto(alone_url("learning_rate"))
    settle(page)
    assert page.locator("table").count() == 0  # made only when it is asked for
    page.get_by_text("Data as a table").click()
    return page


def cells(page, row):
    """Return the texts of a row of the table, the head being row 0."""
    return page.locator("table tr").nth(row).locator("th, td").all_inner_texts()


def test_the_run_is_a_table_with_heads_and_follows_the_controls(lab):
    learning_rate = alone.lab("learning_rate")
    series = learning_rate.compute(learning_rate.settings(rate=100.0))["series"]
    lab.get_by_label("Table", exact=True).select_option("Run: 61 rows")
    lab.get_by_label("Learning rate α", exact=True).press("End")
    assert cells(lab, 0) == ["Iteration", *series]
    assert lab.locator("th[scope=col]").count() == 1 + len(series)
    assert lab.locator("th[scope=row]").count() == 50
    assert float(cells(lab, 4)[1]) == pytest.approx(series["cost"][3], rel=1e-5)
    assert lab.locator(".lab-table p").inner_text() == "11 more rows: the file has all."
    with lab.expect_download() as download:
        lab.get_by_role("button", name="Save this table as CSV").click()
    assert download.value.suggested_filename == "learning-rate.csv"
    head, *rows = csv.reader(download.value.path().read_text(encoding="utf-8").splitlines())
    assert head == ["Iteration", *series]
    costs = [float(row[1]) for row in rows]
    assert len(costs) == 61
    assert costs[:10] == pytest.approx(series["cost"][:10], rel=1e-9)  # later ones are chaotic
    assert lab.errors == []


def test_settings_and_points_are_tables_too(lab):
    shown = dict(row.split("\t") for row in lab.locator("table").inner_text().splitlines()[1:])
    assert shown["Learning rate α"] == "0.3"
    assert float(shown["start"]) == pytest.approx(
        alone.lab("learning_rate").values()["start"], rel=1e-5
    )
    lab.get_by_label("Table", exact=True).select_option("points 1, and 2 more: 200 rows")
    assert cells(lab, 0) == ["points 1", "points 2", "labels"]
