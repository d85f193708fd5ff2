"""The library of *Gradients by Hand*: one equation, one function.

Modules are imported by name (``from dlcore import losses``). Each level imports only lower ones,
and its number is its depth.
What the book teaches with is another package, ``byhand``, which stands on this one.

====== ==================================================================================
level  modules
====== ==================================================================================
0      errors, precision, protocols, reference
1      activations, augment, autograd, averages, datasets, geometry, gradcheck, initializers,
       metrics, optimizers, parameters, perceptron, regularizers, sanity, schedules,
       symmetries
2      composite, losses, saving, wrappers
3      layers, network, search, training
4      models, regions
====== ==================================================================================
"""

__version__ = "0.2.0"
