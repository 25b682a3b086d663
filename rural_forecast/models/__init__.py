"""Named models: one file each, kernels in NumPy over blocks of equal-length series, adapters to
statsmodels.
"""
