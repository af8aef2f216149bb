"""The fast engine: bookkeeping in record arrays, behaviour from `model.rules`."""
