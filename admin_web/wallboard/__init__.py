"""Wallboards: made by supervisors, shown by a secret link without sign-in [30, 38]."""
