"""Which parameters matter: screening, shares of variance, and second opinions from the same runs."""
