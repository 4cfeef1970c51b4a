"""Named sets for police, courts and prisons."""

from typing import Final

SETS: Final = """
khởi tố: bị bắt, bị khởi tố, bị tạm giam vì nghi phạm tội
    khởi tố | bị can | bắt tạm giam | lệnh bắt | bắt giữ | bắt khẩn cấp | tạm giữ hình sự | bị bắt | tạm giam
    not: bị bắt gặp | bị bắt lỗi
"""
