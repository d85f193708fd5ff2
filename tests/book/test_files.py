"""What can be read off the built files, without a browser."""

import re
import sys
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.pages import HTML, ROOT, names
from tests.oracles import TABLE
from tests.require import require

sys.path.insert(0, str(ROOT / "book" / "_tools"))
import addresses

pytestmark = pytest.mark.browser

# One sentence that each chapter must still say.
SENTENCES = {
    "chapters/01_learning_as_fitting": "To learn, here, is to choose one function out of many",
    "chapters/02_calculus": "which way is down?",
    "chapters/03_logistic_regression": "One neuron learns to tell a handwritten 3 from an 8.",
    "chapters/04_shallow_network": "One neuron draws a line.",
    "chapters/05_backpropagation": "A network is a long chain of simple functions.",
    "chapters/06_activations": "Between two affine layers stands a function that bends.",
    "chapters/07_losses": "A neuron is sure, and wrong.",
    "chapters/08_universal_approximation": (
        "A network with one hidden layer can follow any continuous curve as closely as you like."
    ),
    "chapters/09_gradient_checking": "A wrong gradient need not crash",
    "chapters/10_initialization": "Training starts before the first step",
    "chapters/11_regularization": "A network can learn its training set by heart",
    "chapters/12_optimizers": "An optimizer decides how far to go",
    "chapters/13_hyperparameters": "Training finds the weights of a network.",
    "chapters/14_batch_normalization": "A layer hands numbers to the next one",
    "chapters/15_convolution": "A convolution looks at one small window at a time",
    "chapters/16_convolution_backprop": "A convolution layer learns as an affine layer does",
    "chapters/17_pooling": "A digit that moves by one pixel is still the same digit.",
    "chapters/18_lenet": "In 1998 a network of 60,000 numbers read handwritten digits",
    "chapters/19_alexnet_vgg": "In 2012 a convolutional network won the largest image contest",
}
LOADS = {"script": "src", "link": "href", "img": "src", "source": "src", "iframe": "src"}


@pytest.fixture(scope="module")
def trees():
    """Return the tree of every page, by name."""
    require("the built book", (HTML / "index.html").exists(), "make book")
    return {name: addresses.tree(HTML / f"{name}.html") for name in names()}


def local(url):
    return not urlsplit(url).scheme and not urlsplit(url).netloc


def test_every_chapter_says_its_sentence_and_holds_a_lab(trees):
    chapters = {name: tree for name, tree in trees.items() if name.startswith("chapters/")}
    assert chapters.keys() == SENTENCES.keys()
    for name, tree in chapters.items():
        assert SENTENCES[name] in " ".join(tree.find("article").get_text().split()), name
        assert tree.select("figure.lab"), name
        assert len(tree.select("form.prediction")) >= 2, name
        assert len(tree.select("div.exercise")) >= 4, name


def test_every_link_and_anchor_leads_somewhere(trees):
    ids = {(HTML / f"{name}.html").resolve(): anchors(tree) for name, tree in trees.items()}
    broken = []
    for name, tree in trees.items():
        page = HTML / f"{name}.html"
        for link in tree.find_all(["a", "link"], href=True):
            url = urlsplit(link["href"])
            if not local(link["href"]):
                continue
            target = (page.parent / unquote(url.path)).resolve() if url.path else page.resolve()
            if target not in ids and target.suffix == ".html" and target.exists():
                ids[target] = anchors(addresses.tree(target))
            missing = url.fragment and unquote(url.fragment) not in ids.get(target, ())
            if not target.exists() or missing:
                broken.append(f"{name}: {link['href']}")
    assert broken == []


def test_every_published_address_still_leads_somewhere():
    require("the built book", (HTML / "index.html").exists(), "make book")
    assert addresses.dead(HTML, addresses.read_list()) == []


def anchors(tree):
    return {node["id"] for node in tree.find_all(id=True)}


def test_no_link_stands_in_a_link(trees):
    for name, tree in trees.items():
        assert [str(link) for link in tree.find_all("a") if link.find("a")] == [], name


def test_no_id_appears_twice(trees):
    for name, tree in trees.items():
        ids = [node["id"] for node in tree.find_all(id=True)]
        assert sorted(set(ids)) == sorted(ids), name


def test_every_picture_has_alt_text(trees):
    for name, tree in trees.items():
        without = [
            img["src"][:80] for img in tree.find_all("img") if not img.get("alt", "").strip()
        ]
        assert without == [], name


def test_nothing_is_loaded_from_another_origin():
    require("the built book", (HTML / "index.html").exists(), "make book")
    foreign = []
    for path in HTML.rglob("*.html"):
        tree, name = addresses.tree(path), path.relative_to(HTML)
        urls = [tag.get(attribute) for tag, attribute in attributes(tree)]
        urls += css_urls(" ".join(style.get_text() for style in tree.find_all("style")))
        foreign += [f"{name}: {url}" for url in urls if url and not inside(url)]
        text = path.read_text("utf8")
        foreign += [f"{name}: {host}" for host in ("unpkg.com", "jsdelivr.net") if host in text]
    for path in HTML.rglob("*.css"):
        urls = css_urls(path.read_text("utf8"))
        foreign += [f"{path.relative_to(HTML)}: {url}" for url in urls if not inside(url)]
    assert foreign == []


def attributes(tree):
    return [(tag, LOADS[tag.name]) for tag in tree.find_all(list(LOADS))]


def css_urls(text):
    urls = re.findall(r"""url\(\s*['"]?([^'")]+)""", text)
    return urls + re.findall(r"""@import\s+['"]([^'"]+)""", text)


def inside(url):
    return local(url) or url.startswith("data:")


def test_math_is_rendered_and_none_is_broken(trees):
    for name, tree in trees.items():
        assert not tree.select(".katex-error"), name
        raw = [
            node for node in tree.select("span.math, div.math") if not node.select(".katex-html")
        ]
        assert raw == [], name
    assert len(trees["chapters/03_logistic_regression"].select(".katex-html")) > 100


LEDGER = "book/ledger/"


def ledger_rows(trees, selector):
    """Return the elements of the ledger's pages of rows that a selector finds, by page."""
    pages = {name: tree for name, tree in trees.items() if name.startswith(LEDGER)}
    return {name.removeprefix(LEDGER): tree.select(selector) for name, tree in pages.items()}


def test_every_equation_and_its_row_link_to_each_other(trees):
    rows = ledger_rows(trees, "[id^=row-eq-]")
    index = {line["id"]: line for line in trees["book/ledger"].select("li[id^=row-eq-]")}
    equations = 0
    for name, tree in trees.items():
        if not name.startswith("chapters/"):
            continue
        page = name.removeprefix("chapters/")
        own = {row["id"]: row for row in rows[page]}
        for equation in tree.select("div.math[id^=equation-eq-]"):
            label = equation["id"].removeprefix("equation-")
            link = equation.find_next_sibling("p", class_="ledger-link").a
            assert link["href"] == f"../{LEDGER}{page}.html#row-{label}"
            row, line = own[f"row-{label}"], index[f"row-{label}"]
            assert row.find("a", href=f"../../{name}.html#equation-{label}"), label
            assert line.find("a", href=f"../{name}.html#equation-{label}"), label
            assert line.find("a", href=f"ledger/{page}.html#row-{label}"), label
            equations += 1
    assert equations == len(index) == sum(map(len, rows.values())) > 30


def test_every_row_says_what_it_was_compared_with(trees):
    for row in (row for page in ledger_rows(trees, ".ledger-row").values() for row in page):
        assert row.select("details .highlight, .ledger-above"), row["id"]
        checks = row.select("table.ledger-checks tbody tr")
        assert checks, row["id"]
        for check in checks:
            cells = [cell.get_text(strip=True) for cell in check("td")]
            oracle, _, error, tolerance, test = cells
            assert oracle in TABLE["oracles"], row["id"]
            assert re.fullmatch(r"0|≤ 1e-?\d+", error), row["id"]
            assert float(error.removeprefix("≤ ")) <= 10 * float(tolerance), row["id"]
            assert (ROOT / test.partition("::")[0]).exists(), row["id"]


def test_a_row_leads_to_the_lab_of_its_chapter(trees):
    for page, rows in ledger_rows(trees, ".ledger-row").items():
        chapter = trees[f"chapters/{page}"]
        labs = {f"../../chapters/{page}.html#{lab['id']}" for lab in chapter.select("figure.lab")}
        for row in rows if labs else ():
            assert any(link["href"] in labs for link in row.select(".ledger-head a")), row["id"]


def test_no_page_of_the_ledger_is_heavy(trees):
    names = ["book/ledger", *(name for name in trees if name.startswith(LEDGER))]
    assert len(names) == 1 + sum(name.startswith("chapters/") for name in trees)
    for name in names:
        assert (HTML / f"{name}.html").stat().st_size <= 500_000, name


def test_the_table_of_sources_has_its_form(trees):
    rows = trees["book/sources"].select("table.sources tbody tr")
    written = {int(name[9:11]) for name in trees if name.startswith("chapters/")}
    assert len(rows) == 71
    for row in rows:
        cells = row.find_all("td")
        item = cells[0].get_text(strip=True)
        links = [link["href"] for link in row.find_all("a")]
        assert re.fullmatch(r"\d\d\.\d", item)
        assert cells[2].get_text(strip=True), item
        if int(item[:2]) in written:
            assert links, item
            pattern = rf"\.\./chapters/{item[:2]}_\w+\.html#sec-{item[:2]}-[a-z-]+"
            assert all(re.fullmatch(pattern, link) for link in links), item
        else:
            assert (links, cells[1].get_text(strip=True)) == ([], "chapter planned"), item


def test_the_pages_of_the_library_are_light():
    pages = [name for name in names() if name.startswith("book/api/")]
    assert len(pages) > 10
    for name in pages:
        assert (HTML / f"{name}.html").stat().st_size <= 300_000, name


def test_the_landing_page_leads_to_every_chapter_and_lab(trees):
    links = {link["href"] for link in trees["book/intro"].select("table a")}
    for name, tree in trees.items():
        if name.startswith("chapters/"):
            assert f"../{name}.html" in links
            assert {f"../{name}.html#{lab['id']}" for lab in tree.select("figure.lab")} <= links
