"""The library of *Gradients by Hand*: one equation, one function.

Modules are imported by name (``from dlcore import losses``). Each level imports only lower ones.
What the book teaches with is another package, ``byhand``, which stands on this one.

====== ==================================================================================
level  modules
====== ==================================================================================
0      errors
1      activations, initializers, regularizers, schedules, averages, metrics, datasets,
       gradcheck, optimizers, parameters, protocols
2      losses, wrappers, composite
3      layers
4      reference, network
5      models, saving
6      training
7      search, augment
====== ==================================================================================
"""

__version__ = "0.1.0"
