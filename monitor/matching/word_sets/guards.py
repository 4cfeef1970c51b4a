"""Named sets for `not` and `ignore`: drills, memories, stories and films, which tell of no new happening."""

from typing import Final

SETS: Final = """
diễn tập: thực tập, không có thật
    diễn tập | tập dượt | thực tập phương án | tình huống giả định | hội thao

hồi tưởng: nhắc lại chuyện đã lâu
    nhìn lại | hồi tưởng | kỷ niệm | ngày này năm xưa | tròn một năm
"""
