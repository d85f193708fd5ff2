"""Every lab there is."""

import dlcore.labs

OTHERS = {"interact", "predict"}  # functions of ``dlcore.labs`` that make no lab

LABS = [name for name in dlcore.labs.__all__ if name.islower() and name not in OTHERS]
