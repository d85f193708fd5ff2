import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COUNTS = {1: 6, 2: 5, 3: 4, 4: 3, 5: 8, 6: 3, 7: 3, 8: 2, 9: 3, 10: 2} | {
    11: 6, 12: 5, 13: 2, 14: 3, 15: 3, 16: 5, 17: 3, 18: 2, 19: 3
}  # fmt: skip
CHAPTER = "# Logistic regression\n\n(sec-03-model)=\n## The model\n\nText.\n"
ITEMS = """
- {id: "03.1", teaches: The model., sections: [sec-03-model]}
- {id: "05.2", teaches: The general layer.}
"""


@pytest.fixture
def book(small_book):
    book = small_book("sources")
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/sources.md", "# Sources\n\n```{sources}\n```\n")
    book.write("book/sources.yml", ITEMS)
    return book


def test_the_list_of_the_book_is_complete():
    items = yaml.safe_load((ROOT / "book/sources.yml").read_text("utf8"))
    expected = [f"{c:02}.{i}" for c, n in COUNTS.items() for i in range(1, n + 1)]
    assert [item["id"] for item in items] == expected


def test_a_row_has_the_id_then_the_links_then_what_is_taught(book):
    assert book.build() is None
    rows = re.findall(r"<tr.*?</tr>", book.page("book/sources"), re.DOTALL)
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows[1:]]
    assert [re.sub("<.*?>", "", row[0]).strip() for row in cells] == ["03.1", "05.2"]
    assert 'href="../chapters/03_logistic_regression.html#sec-03-model"' in cells[0][1]
    assert "The model" in cells[0][1]
    assert "chapter planned" in cells[1][1]
    assert "The general layer." in cells[1][2]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ('- {id: "03.1", teaches: The model.}', "03.1 has no section, but its chapter exists"),
        (
            '- {id: "03.1", teaches: The model., sections: [sec-03-gone]}',
            "03.1 names sec-03-gone, a section that does not exist",
        ),
        (
            '- {id: "03.1", teaches: The model., sections: [sec-other]}',
            "03.1 names sec-other, which is in book/other",
        ),
        (ITEMS + '- {id: "03.1", teaches: Again.}', "listed twice: 03.1"),
    ],
)
def test_an_item_without_a_living_section_fails_the_build(book, items, message):
    book.write("book/other.md", "# Another page\n\n(sec-other)=\n## Elsewhere\n\nText.\n")
    book.write("book/sources.yml", items)
    assert message in book.build()


def test_a_section_that_disappears_fails_the_next_build(book):
    assert book.build() is None
    book.write("chapters/03_logistic_regression.md", CHAPTER.replace("(sec-03-model)=", ""))
    assert "sec-03-model" in book.build()
