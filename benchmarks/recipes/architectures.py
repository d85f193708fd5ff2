"""Chapter 19: what PyTorch says of the shapes, parameters and multiply-adds of each network.

PyTorch's "meta" device computes shapes and no numbers. The multiply-adds are half of the floating
point operations that its own counter sees.
"""

from benchmarks.pytorch import require_version
from dlcore import models

SETTINGS = {
    "torch": "2.13.0",
    "networks": {  # the model, its arguments, and the shape of one image
        "LeNet-5, modern": ["lenet5_modern", {}, [1, 32, 32]],
        "AlexNet": ["alexnet", {}, [3, 227, 227]],
        "AlexNet, two groups": ["alexnet", {"groups": 2}, [3, 227, 227]],
        "VGG-11": ["vgg11", {}, [3, 224, 224]],
        "VGG-16": ["vgg16", {}, [3, 224, 224]],
    },
}
NEEDS = ("torch",)
MODELS = {
    "lenet5_modern": models.lenet5_modern, "alexnet": models.alexnet,
    "vgg11": models.vgg11, "vgg16": models.vgg16,
}  # fmt: skip


def draws(settings):
    """Take every network."""
    return {
        name: {"version": settings["torch"], "model": model, "options": options, "shape": shape}
        for name, (model, options, shape) in settings["networks"].items()
    }


def draw(version, model, options, shape):
    """Return, for each layer, ``[output shape, parameters, multiply-adds]``.

    Raises
    ------
    RuntimeError
        When another version of PyTorch is installed: the record says which one counted.
    """
    require_version("architectures", version)
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    found, X = {}, torch.empty(1, *shape, device="meta")
    for key, layer in MODELS[model](**options).layers.items():
        module = _module(layer).to("meta")
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            X = module(X)
        parameters = sum(array.numel() for array in module.parameters())
        found[key] = [list(X.shape[1:]), parameters, counter.get_total_flops() // 2]
    return found


def _module(layer):
    """Return a layer as PyTorch's."""
    from torch import nn

    match type(layer).__name__:
        case "Conv2d":
            shape = (layer.c_in, layer.c_out, layer.size, layer.stride, layer.padding)
            return nn.Conv2d(*shape, groups=layer.groups)
        case "Affine":
            return nn.Linear(layer.d_in, layer.d_out)
        case "MaxPool2d":
            return nn.MaxPool2d(layer.size, layer.stride)
        case "LRN":  # PyTorch divides alpha by n
            return nn.LocalResponseNorm(layer.n, layer.alpha * layer.n, layer.beta, layer.k)
        case "Dropout":
            return nn.Identity()  # as after training
        case same_name:
            return getattr(nn, same_name)()


def collect(settings, found):
    """Return, for each network and layer, ``[output shape, parameters, multiply-adds]``."""
    return found
