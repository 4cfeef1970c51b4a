"""Which watches ship with the program, by their ids, which stay for ever: all others are an installation's own.

A watch that ships counts as such also when somebody has changed it.
"""

from typing import Final

from monitor.types import WatchId

_IDS: Final = """
    trump vance rubio hegseth biden obama putin lavrov zelensky tap-can-binh ly-cuong vuong-nghi netanyahu
    abbas araghchi ali-khamenei mojtaba-khamenei pezeshkian raisi assad sisi erdogan mbs kim-jong-un
    lee-jae-myung yoon-suk-yeol takaichi macron merz starmer modi albanese carney maduro delcy-rodriguez
    anutin thaksin hun-manet hun-sen thongloun rutte guterres von-der-leyen leo-xiv orban lukashenko lula
    marcos prabowo anwar charles-iii to-lam pham-minh-chinh le-minh-hung tran-thanh-man luong-cuong
    le-hoai-trung phan-van-giang luong-tam-quang nguyen-van-thang nguyen-hoa-binh tran-hong-ha ho-quoc-dung
    pham-thi-thanh-tra ngung-ban-gaza hoa-dam-nga-ukraine eo-bien-hormuz hat-nhan-iran thue-quan-my
    trieu-tien-ten-lua dong-dat bao roi-may-bay dien-dam bien-dong dao-chinh
"""

SHIPPED: Final = frozenset(map(WatchId, _IDS.split()))
