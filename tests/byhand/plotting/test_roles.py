import matplotlib.pyplot as plt

from byhand import plotting


def test_every_index_stands_with_each_array_that_has_it(count):
    plotting.index_roles()
    assert [count(f"index {letter}") for letter in "nfcyxijuv"] == [2, 2, 2, 1, 1, 1, 1, 1, 1]
    for row in ("example", "channel", "filter", "row", "column"):
        assert count(row) == 1


def test_an_index_stands_below_its_array():
    plotting.index_roles()
    axis = plt.gca()
    arrays = {t.get_text(): t.get_position()[0] for t in axis.texts if "_{" in t.get_text()}
    for name, x in list(arrays.items())[:3]:
        letters = name.split("_{")[1].strip("}$").split(",")
        below = {
            p.get_label().removeprefix("index ")
            for p in axis.patches
            if p.get_label().startswith("index") and p.center[0] == x
        }
        assert below == set(letters)
