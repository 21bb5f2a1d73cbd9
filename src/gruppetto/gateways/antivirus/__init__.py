"""Antivirus behind the ``Scanner`` port of ``kernel.files``."""
