"""The verdicts on all answers that are known: this file runs here and in the browser's engine.

A verdict in the page equals the native one, word for word.
"""

import importlib.util

from byhand.exercises.checking import examine, exercises_by_chapter


def verdicts(chapter, path):
    """Return the verdicts on the references, the known mistakes and the variants of a chapter.

    Parameters
    ----------
    chapter : str
        Such as ``"03"``.
    path : str
        Of the file with the variants.

    Returns
    -------
    dict
        What was answered to its status and its text.
    """
    found = {}
    for name, exercise in exercises_by_chapter()[chapter].items():
        answers = {"the reference": exercise.reference, **exercise.mistakes}
        if not exercise.parameters:
            answers = {told: answer() for told, answer in answers.items()}
        variants = enumerate(_variants(path)[name])
        answers |= {f"variant {number}": answer for number, answer in variants}
        for told, answer in answers.items():
            report = examine(exercise, answer)
            found[f"{name}: {told}"] = [report.status, report.text]
    return found


def _variants(path):
    spec = importlib.util.spec_from_file_location("variants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.VARIANTS
