"""What theory leads one to expect when one thing is turned, each expectation measured on paired luck.

`configs/expectations.yaml` says them, `make expectations` measures them.
"""
