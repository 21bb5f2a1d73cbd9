"""Tags of this desk: ``{% load correspondent %}``."""
