"""The text of a file that somebody edits: as it is written, and by what it is known again."""

from monitor.text.file_text import as_written, content_hash


def test_the_hash_is_of_what_is_written_and_a_typed_text_is_brought_to_that() -> None:
    assert as_written("a\r\nb\rc") == "a\nb\nc\n"
    assert as_written("") == ""
    assert content_hash("a\n") != content_hash("a")
