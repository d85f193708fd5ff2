r"""Find math that is not written in the book's way, and say what is.

``BOOK`` is the table at the top of the page ``book/notation``: what is written, how, and how else
it was written in the first edition. ``FORBIDDEN`` finds the other ways.
"""

import re
from collections import Counter

from latex import formulas
from open_findings import Finding

LETTER = r"(?<![A-Za-z\\])"  # a letter behind this is no part of a command
END = r"(?![A-Za-z])"
EXPECTATION = r"(?=\s*(?:\\[,!]\s*)?(?:\[|\\[bB]igl?\s*(?:\[|\||\\l)|\\lVert))"

# what it is about, how the book writes it, how it does not
BOOK = [
    (
        "layer",
        r"$W_\ell$, a unit of it $z_{\ell,j}$",
        r"$W^{[\ell]}$, $W^{(\ell)}$, $W^\ell$, the letter $l$",
    ),
    ("example", "$x^{(n)}$ of $N$ examples", "$x^{(i)}$, $x_n$; $m$ examples"),
    ("filter", "$C'$ filters for $C$ channels, filter $f$", "$F$ filters"),
    (
        "size",
        r"along one axis $n$, of a kernel $k$, of the output $n'$; in the plane $n_H$, $n_W$",
        r"$f$ for the kernel; $o$, $n_\text{out}$, $H'$",
    ),
    (
        "fan-in and fan-out",
        r"$n_\text{in}$ and $n_\text{out}$",
        "",
    ),
    (
        "loss and cost",
        r"loss of one example $\mathcal L$, cost of a data set or batch $J$",
        r"$L$, $C$, $\mathcal L$ of a batch",
    ),
    (
        "gradient",
        r"$\partial J/\partial X$; where a chapter says so, $dX$ for short",
        r"$\partial L/\partial X$",
    ),
    ("error", r"$\delta = \partial \mathcal L/\partial z$, of a batch $\Delta$", ""),
    ("expectation", r"$\mathbb E[x]$", "$E[x]$"),
    ("small number, step", r"$\varepsilon$", r"$\epsilon$"),
    ("angle, any function", r"$\varphi$", r"$\phi$"),
    ("corrected average", r"$\hat v$, $\hat s$", "$v'$, $s'$"),
    ("learning rate", r"$\alpha$", r"$\eta$"),
    ("natural logarithm", r"$\log x$", r"$\ln x$"),
    (
        "kernel turned by half a turn",
        r"$\operatorname{rot180} W$",
        r"$\operatorname{rot}_{180}(W)$",
    ),
    ("1 where it is true, else 0", r"$\mathbf 1[i = j]$", "$[i = j]$"),
    ("normal distribution", r"$\mathcal N(0, 1)$", "$N(0, 1)$"),
]
FORBIDDEN = {  # a name for the list, the pattern, what to write
    r"layer in brackets above": (r"\^\{?\s*\[", r"W_\ell"),
    r"layer in parentheses above": (r"\^\{\(\s*(?:l|\\ell|L)\b[^}]*\)\}", r"W_\ell"),
    r"layer above": (rf"(?:[WbazZAX]|\\delta)\^\{{?\s*(?:l|\\ell){END}", r"W_\ell"),
    r"layer l": (rf"_\{{?\s*l{END}|\\(?:sum|prod)_\{{l\b", r"\ell"),
    r"example in parentheses (i)": (r"\^\{(?:[^}]*\\,)?\(i\)", "x^{(n)}"),
    r"example below": (rf"{LETTER}[xy]_\{{?n{END}", "x^{(n)}"),
    r"m examples": (r"\\[td]?frac\{?[12]\}?\{?\d?m\b|\\sum_\{[ni]\s*=\s*1\}\^\{?m\b", "N"),
    r"F filters": (rf"{LETTER}F\s*(?:\\,)?\(C|F\s*\\times\s*C|\(F\s*,\s*\\?,?\s*C", "C'"),
    r"kernel size f": (
        rf"{LETTER}f\s*(?:-\s*1|\\times\s*f)|[ps]\s*[-+]\s*f{END}|{LETTER}f_\{{?\\delta",
        "k",
    ),
    r"output size o": (rf"{LETTER}o(?:_|{END})", "n', n'_H, n'_W"),
    r"output size H_out": (r"[HW]_\{?\\(?:text|mathrm)\{out|[HW]_\{out", "n'_H, n'_W"),
    r"output size H'": (rf"{LETTER}H'", "n'_H, n'_W"),
    r"loss L": (rf"\\partial\s*[LC]{END}", r"\mathcal L, or J for a batch"),
    r"expectation E": (rf"(?<!\\mathbb )(?<!\\mathbb\{{){LETTER}E{EXPECTATION}", r"\mathbb E"),
    r"\epsilon": (rf"\\epsilon{END}", r"\varepsilon"),
    r"\phi": (rf"\\phi{END}", r"\varphi"),
    r"corrected average with a prime": (rf"\\sqrt\{{?{LETTER}s'|\\frac\{{v'", r"\hat v, \hat s"),
    r"rate \eta": (r"\\eta\s*(?:\\,\s*)?(?:\\nabla|\\partial|\\frac\{\\partial)", r"\alpha"),
    r"norm with \|": (r"(?<!\\,)\\\|(?!\\,)", r"\lVert x \rVert"),
    r"\ln": (rf"\\ln{END}", r"\log"),
    r"rot_180": (r"\\operatorname\{rot\}", r"\operatorname{rot180}"),
    r"bracket for 1 or 0": (
        r"(?<!\\mathbf 1)(?<!\\mathbf\{1\})\[\s*(?:\\,)?\s*[a-z]\s*(?:=|\\in|\\ne)[^,\]]*\]",
        r"\mathbf 1[i = j]",
    ),
    r"normal distribution N": (rf"(?<!\\mathcal ){LETTER}N\s*\(\s*0\s*,", r"\mathcal N(0, 1)"),
}
PATTERNS = {name: (re.compile(pattern), book) for name, (pattern, book) in FORBIDDEN.items()}


def variants(latex):
    """Return the names of the forbidden ways in a formula, and what to write for each.

    Parameters
    ----------
    latex : str

    Returns
    -------
    list of (str, str)
    """
    return [(name, book) for name, (pattern, book) in PATTERNS.items() if pattern.search(latex)]


def findings(path):
    """Yield the formulas of a chapter that are not written in the book's way."""
    seen = Counter()
    for formula in formulas(path):
        latex = " ".join(formula.latex.split())
        for name, book in variants(formula.latex):
            seen[name, latex] += 1
            if seen[name, latex] == 1:
                yield Finding(
                    f"{name}: {latex[:60]}",
                    f"cell {formula.cell}: {name} in ${latex}$; the book writes {book}",
                )
