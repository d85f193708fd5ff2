import re

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def test_every_page_may_ask_its_own_server_alone(small_book):
    book = small_book("policy", settings='html_theme = "sphinx_book_theme"\n')
    assert book.build() is None
    for name in ("index", "book/other", "chapters/03_logistic_regression"):
        (policy,) = POLICY.findall(book.page(name).partition("</head>")[0])
        assert "connect-src 'self';" in policy
