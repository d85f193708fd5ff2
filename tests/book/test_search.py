"""Twenty questions to the search, and the page that each must find first, without a server too."""

from urllib.parse import quote

import pytest

from tests.book.chromium import new_tab
from tests.book.pages import HTML
from tests.require import require

pytestmark = pytest.mark.browser

# What a reader types, and where the first result leads: a page, or a place on it.
QUESTIONS = {
    "gradient checking": "chapters/09_gradient_checking.html",
    "backprop": "chapters/05_backpropagation.html#sec-05-four",
    "bn": "chapters/14_batch_normalization.html#sec-14-forward",
    "bce": "chapters/03_logistic_regression.html#sec-03-model",
    "glorot": "chapters/10_initialization.html#sec-10-backward",
    "kaiming": "chapters/10_initialization.html#sec-10-forward",
    "SGD": "chapters/05_backpropagation.html",
    "relu": "chapters/06_activations.html#sec-06-rectifiers",
    "dying relu": "chapters/06_activations.html#sec-06-dead",
    "conv": "chapters/15_convolution.html#sec-15-convolution",
    "反向传播": "chapters/05_backpropagation.html#sec-05-four",
    "梯度检测": "chapters/09_gradient_checking.html#sec-09-one",
    "什么是池化": "chapters/17_pooling.html",
    "learning rate decay": "chapters/12_optimizers.html#sec-12-decay",
    "universal approximation": "chapters/08_universal_approximation.html",
    "bn backward": "chapters/14_batch_normalization.html",
    "why does dropout help": "chapters/11_regularization.html",
    "5.12": "chapters/05_backpropagation.html#equation-eq-",
    "(16.19)": "chapters/16_convolution_backprop.html#equation-eq-",
    "conv2d_backward": "book/api/layers_images.html#dlcore.layers.conv2d_backward",
    "losses.logistic": "book/api/functions.html#dlcore.losses.logistic",
    "transposed convolution": "chapters/16_convolution_backprop.html#sec-16-transposed",
    "receptive field": "chapters/15_convolution.html#sec-15-field",
    "softmax overflow": "chapters/07_losses.html",
}


@pytest.fixture(scope="module", params=["http", "file"])
def results(request, browser, book_url):
    """Return ``results(query)``: the links that the search page finds, in their order."""
    require("the built book", (HTML / "search.html").exists(), "make book")
    page = new_tab(browser)
    page.set_default_timeout(10_000)
    root = book_url if request.param == "http" else HTML.as_uri()

    def results(query):
        page.goto(f"{root}/search.html?q={quote(query)}")
        page.wait_for_function("Search.status?.innerText")  # the last result was shown
        links = page.locator("#search-results li > a")
        return [
            link.removeprefix(f"{root}/") for link in links.evaluate_all("a => a.map(x => x.href)")
        ]

    yield results
    assert page.errors == []
    assert page.foreign == []
    page.context.close()


@pytest.mark.parametrize("query", QUESTIONS)
def test_the_right_page_comes_first(results, query):
    assert results(query)[0].startswith(QUESTIONS[query])


def test_a_page_is_listed_once(results):
    pages = [link.partition("#")[0] for link in results("gradient")]
    assert len(pages) == len(set(pages)) > 10


def test_chapters_come_before_the_back_matter(results):
    pages = [link.partition("#")[0] for link in results("gradient of the loss")]
    chapters = [i for i, page in enumerate(pages) if page.startswith("chapters/")]
    assert chapters
    assert all(pages.index(f"book/{name}.html") > max(chapters) for name in ("sources", "errata"))


def test_a_word_that_nobody_wrote_finds_nothing(results):
    assert results("zyzzyva") == []
