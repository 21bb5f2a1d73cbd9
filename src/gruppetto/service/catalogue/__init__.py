"""What can be asked: reasons, kinds of request with their scripts and papers, help lines, distress guides.

The texts live in ``content/`` as TOML, read strictly and loaded as dated rows; a kind in force never changes,
a changed file makes its next version. Reading a script is pure (``script``); reading rows is ``reads``.
"""
