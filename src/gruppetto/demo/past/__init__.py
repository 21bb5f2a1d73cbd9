"""The past told twice: these classes write the rows that the verbs would have written (decisions 29).

Each method has the name of the verb it stands for; a test tells one story through both and compares the rows.
"""
