"""The tests of *Gradients by Hand*; they mirror dlcore's modules."""
