"""Real event logs under the measures that the model applies to itself: reading, measuring, telling, drawing."""
