"""Named models, one file each.

Most are kernels in NumPy over blocks of equal-length series; two are adapters to statsmodels.
"""
