def test_a_build_that_warned_warns_again(small_book):
    book = small_book("clean_build")
    book.write("book/other.md", "# Another page\n\nSee [](#no-such-place).\n")
    assert "no-such-place" in book.build()
    assert "no-such-place" in book.build()
    book.write("book/other.md", "# Another page\n")
    assert book.build() is None
