"""``tqdm`` without its bar: the page shows that a cell runs, and for how long."""

__all__ = ["tqdm", "trange"]


class tqdm:
    """Goes through an iterable, or counts, and shows nothing."""

    def __init__(self, iterable=None, *arguments, **options):
        self.iterable, self.n = iterable, 0
        self.total = options.get("total")

    def __iter__(self):
        for value in self.iterable:
            self.n += 1
            yield value

    def __len__(self):
        return len(self.iterable)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def update(self, n=1):
        """Count."""
        self.n += n

    def close(self):
        """Do nothing."""

    refresh = clear = reset = set_description = set_postfix = set_postfix_str = (
        lambda self, *arguments, **options: None
    )

    @staticmethod
    def write(text, *arguments, **options):
        """Print a line."""
        print(text)


def trange(*arguments, **options):
    """Go through a range."""
    return tqdm(range(*arguments), **options)
