"""Search for packages of instruments that do well for many objectives across uncertain worlds."""
