"""Named sets for accidents and disasters."""

from typing import Final

SETS: Final = """
cháy: có lửa ngoài ý muốn
    cháy | hỏa hoạn | bốc cháy | bà hỏa | phát hỏa | cháy rụi | cháy lan | thiêu rụi | đám cháy | vụ cháy
    not: bán cháy hàng | cháy hàng | cháy vé | cháy phòng | cháy hết mình | cháy túi | cháy tour | cháy sáng

người chết: có người mất mạng
    tử vong | thiệt mạng | người chết | làm chết | chết người | tử nạn | mất mạng
"""
