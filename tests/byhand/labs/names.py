"""Every lab there is."""

import byhand.labs

OTHERS = {"answered", "interact", "predict"}  # functions of ``byhand.labs`` that make no lab

LABS = [name for name in byhand.labs.__all__ if name.islower() and name not in OTHERS]
