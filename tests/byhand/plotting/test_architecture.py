import matplotlib.pyplot as plt
import pytest

from byhand import plotting
from dlcore import models
from dlcore.errors import ShapeError
from dlcore.layers import Conv2d, MaxPool2d, Residual
from dlcore.models import summary
from dlcore.network import Sequential

PUBLISHED = {
    "LeNet-5": (models.lenet5(), (1, 32, 32)),
    "LeNet-5, modern": (models.lenet5_modern(), (1, 32, 32)),
    "AlexNet": (models.alexnet(), (3, 227, 227)),
    "VGG-16": (models.vgg16(), (3, 224, 224)),
}


def written(shape):
    """Write a shape as the drawing does."""
    return " × ".join(f"{n:,}" for n in shape)


@pytest.mark.parametrize("name", PUBLISHED)
def test_labels_are_the_numbers_of_the_summary(name, words):
    net, shape = PUBLISHED[name]
    table = summary(net, shape)
    plotting.volumes(net, shape)
    found = words()
    for row in table.rows:
        if row.layer not in ("ReLU", "ScaledTanh", "LRN", "Dropout", "Flatten"):
            assert written(row.output) in found, row.name
    numbers = [int(text.replace(",", "")) for text in found if text.replace(",", "").isdigit()]
    vectors = [row.output[0] for row in table.rows if row.layer in ("Affine", "FixedRBF")]
    assert sum(numbers) - sum(vectors) == table.total.parameters
    assert found.count(written(shape)) == 1


@pytest.mark.parametrize(
    ("name", "convolutions", "poolings", "vectors"),
    [("LeNet-5", 3, 2, 2), ("LeNet-5, modern", 2, 2, 3), ("AlexNet", 4, 3, 3), ("VGG-16", 5, 5, 3)],
)
def test_three_faces_for_each_box(name, convolutions, poolings, vectors, count):
    plotting.volumes(*PUBLISHED[name])
    kinds = ["image", "conv", "pool", "vector"]
    assert list(map(count, kinds)) == [3, 3 * convolutions, 3 * poolings, 3 * vectors]


def test_convolutions_of_one_shape_share_a_box(words):
    plotting.volumes(*PUBLISHED["VGG-16"])
    assert "conv3_1 – conv3_3" in words()
    assert "3 × (3×3)" in words()


def test_layers_of_a_block_do_not_share_the_box_of_the_layer_before_it(words):
    body = Sequential(conv1=Conv2d(4, 4, 3, padding=1), conv2=Conv2d(4, 4, 3, padding=1))
    plotting.volumes(Sequential(stem=Conv2d(4, 4, 3, padding=1), block=Residual(body)), (4, 8, 8))
    assert {"stem", "block.body.conv1 – block.body.conv2"} <= set(words())


def test_windows_are_those_of_the_layers(words):
    plotting.volumes(models.alexnet(groups=2), (3, 227, 227))
    assert {"11×11, stride 4", "5×5, groups 2", "3×3, stride 2"} <= set(words())


def test_a_summary_draws_the_same_but_for_the_windows(words):
    net, shape = PUBLISHED["LeNet-5"]
    plotting.volumes(net, shape)
    whole = words()
    plt.close()
    plotting.volumes(summary(net, shape), shape)
    assert words() == [text for text in whole if "×" not in text or " × " in text]


def test_larger_maps_get_longer_boxes_and_more_channels_thicker_ones():
    plotting.volumes(*PUBLISHED["VGG-16"])
    fronts = [p.get_xy() for p in plt.gca().patches if p.get_label() == "conv"][2::3]
    lengths = [front[:, 0].max() - front[:, 0].min() for front in fronts]
    thick = [front[:, 1].max() - front[:, 1].min() for front in fronts]
    assert lengths == sorted(lengths, reverse=True)
    assert thick == sorted(thick)
    assert lengths[0] == pytest.approx(lengths[2] * 2)  # 224 and 56: roots


def test_poolings_are_hatched_on_top():
    plotting.volumes(*PUBLISHED["AlexNet"])
    pools = [p for p in plt.gca().patches if p.get_label() == "pool"]
    assert [bool(p.get_hatch()) for p in pools] == [True, False, False] * 3


def test_errors():
    with pytest.raises(ShapeError, match=r"^volumes: input_shape is \(1024,\), expected \(C, H"):
        plotting.volumes(models.lenet5(), (1024,))
    with pytest.raises(TypeError, match=r"^volumes: net is \[3, 4\], expected a network or its"):
        plotting.volumes([3, 4], (1, 2, 2))
    with pytest.raises(ShapeError):
        plotting.volumes(models.lenet5(), (1, 4, 4))


@pytest.mark.parametrize("name", PUBLISHED)
def test_labels_stand_beside_the_boxes(name):
    plotting.volumes(*PUBLISHED[name])
    axis = plt.gca()
    axis.figure.draw_without_rendering()
    boxes = [patch.get_window_extent() for patch in axis.patches if patch.get_label() != "_"]
    for text in axis.texts:
        label = text.get_window_extent()
        if text.get_text():
            assert not any(label.overlaps(box) for box in boxes), text.get_text()


def test_layers_inside_layers_have_boxes_of_their_own(words):
    body = Sequential(conv1=Conv2d(4, 4, 3, padding=1), conv2=Conv2d(4, 4, 1))
    net = Sequential(block=Residual(body), inner=Sequential(pool=MaxPool2d(2)))
    plotting.volumes(net, (4, 8, 8))
    table = summary(net, (4, 8, 8))
    assert {"block.body.conv1", "block.body.conv2", "inner.pool"} <= set(words())
    assert words().count("4 × 4 × 4") == 1
    assert f"{table['block.body.conv1'].parameters}" in words()
