"""The operating system: output files, signals, optional packages, BLAS threads.

It words its errors itself: it speaks when memory, files or disks run out, when nothing more can be loaded.
"""
