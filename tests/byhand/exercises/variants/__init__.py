"""Right answers in other styles, two or more for each exercise: ``ch03.VARIANTS["sigmoid"]``."""
