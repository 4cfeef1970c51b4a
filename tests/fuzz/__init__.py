"""What must hold whatever comes in from outside: one law a door, with the bytes that once broke it.

laws_*.py    a law takes bytes, makes of them what the door takes, and asserts
targets.py   one table: name of the target -> its law
corpus/      bytes of our own making, a folder a target; test_corpus.py runs each in every test run
__main__.py  `make fuzz TARGET=parse SECONDS=60`: atheris looks for new ones, guided by what the code does with them
"""
