def test_thebe_and_its_address_are_gone(small_book):
    book = small_book("sphinx_thebe", "offline", settings='html_theme = "sphinx_book_theme"\n')
    assert book.build() is None
    assert "thebe" not in book.page()
    assert not list((book.out / "_static").rglob("*thebe*"))


def test_without_the_extension_thebe_is_there(small_book):
    book = small_book("sphinx_thebe", settings='html_theme = "sphinx_book_theme"\n')
    assert book.build() is None
    assert "https://unpkg.com/thebe" in book.page()
