"""What runs inside the engine of a page that runs itself; ``make live`` packs it.

``session`` runs cells one after the other, ``outputs`` collects what they show as a notebook would
store it, ``controls`` are those of ``interact``, and ``figures`` is Matplotlib's way out. In
``stubs/`` stand the few names of IPython and tqdm that the book calls. ``browser/`` is the source
of the scripts: of the worker that holds the engine, and of the page.
"""
