"""The models that can be had, on any page: what is here, and getting one."""
