"""What is one storm, quake, match or trial, and what moves it on."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.stories.grouping.topics import TOPIC_WITHIN, ToldItem, Topic, topic_of
from monitor.types import StoryId

MORNING = datetime(2026, 8, 23, 6, tzinfo=UTC)


def telling(title: str, lead: str = "", story: str = "1") -> ToldItem:
    return ToldItem(StoryId(story), title, lead, MORNING)


def topic(title: str, *told: ToldItem, lead: str = "", later: timedelta = timedelta(hours=3)) -> Topic:
    return topic_of(title, lead, MORNING + later, told)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bão Maya đi nhanh vào Biển Đông", "Hành khách chờ ở sân bay vì siêu bão Maya"),
        ("Bão số 3 áp sát bờ", "Những tỉnh nào có mưa lớn trong bão số 3"),
        ("Bão Maya áp sát bờ", "Dọn cây đổ sau bão"),
        ("Động đất mạnh ở Nhật Bản", "Nhật Bản thiếu nước sau động đất"),
        ("Lũ quét ở Lai Châu", "Sạt lở chia cắt nhiều bản ở Lai Châu"),
        ("Trận Hà Nội - Nam Định bắt đầu", "Bàn thắng muộn trong trận Nam Định gặp Hà Nội"),
        ("Mở phiên tòa xét xử Trần Văn Mẫu", "Tòa tuyên án Trần Văn Mẫu chín năm tù"),
    ],
)
def test_stories_of_one_happening_are_one_topic(first: str, second: str) -> None:
    assert topic(second, telling(first)).stories == {"1"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bão Maya đi nhanh vào Biển Đông", "Bão Rai mạnh lên ngoài khơi"),
        ("Bão Maya áp sát bờ", "Áp thấp nhiệt đới mới, Biển Đông sắp có bão"),
        ("Bão Maya áp sát bờ", "Bão giá làm khổ người bán rau"),
        ("Động đất mạnh ở Nhật Bản", "Động đất nhẹ ở Cao Bằng"),
        ("Động đất mạnh ở Nhật Bản", "Nhật Bản mở hội hoa"),
        ("Trận Hà Nội - Nam Định bắt đầu", "Trận Hà Nội - Hải Phòng bắt đầu"),
        ("Mở phiên tòa xét xử Trần Văn Mẫu", "Mở phiên tòa xét xử Lê Thị Thử"),
        ("Bản tin tối: Bão Maya áp sát bờ", "Bão Maya suy yếu"),
    ],
)
def test_another_happening_is_another_topic(first: str, second: str) -> None:
    assert topic(second, telling(first)).stories == frozenset()


def test_a_storm_is_known_by_its_number_once_somebody_has_told_both() -> None:
    told = (telling("Bão Maya vào Biển Đông"), telling("Bão số 3 (Maya) giật cấp 12", story="2"))
    assert topic("Tàu cá tránh bão số 3", *told).stories == {"1", "2"}


def test_after_some_days_a_happening_begins_anew() -> None:
    late = TOPIC_WITHIN + timedelta(hours=1)
    assert topic("Động đất ở Nhật Bản", telling("Động đất mạnh ở Nhật Bản"), later=late).stories == frozenset()


@pytest.mark.parametrize(
    "title",
    [
        "Bão Maya làm 4 người chết",
        "Hải Phòng cấm biển tránh bão Maya",
        "Sơ tán hai nghìn dân vì bão Maya",
        "Bão Maya đã đổ bộ Thanh Hóa",
        "Bão Maya suy yếu",
        "Sơ tán hai nghìn dân, sẵn sàng ứng phó bão Maya",
        "Thủ tướng ra công điện ứng phó bão Maya",
    ],
)
def test_a_toll_a_closure_a_decision_or_landfall_moves_a_topic_on_once(title: str) -> None:
    first = telling("Bão Maya vào Biển Đông", "Tâm bão cách bờ 600 km.")
    assert topic(title, first).moves_on
    assert not topic(title, first, telling(title, story="2")).moves_on


@pytest.mark.parametrize(
    "title", ["Vì sao gọi là bão Maya", "Bão Maya có thể suy yếu", "Sẵn sàng sơ tán dân tránh bão Maya"]
)
def test_what_may_come_or_explains_moves_nothing_on(title: str) -> None:
    assert not topic(title, telling("Bão Maya vào Biển Đông")).moves_on


def test_what_was_expected_still_moves_the_topic_on_when_it_comes() -> None:
    first = telling("Bão Maya vào Biển Đông", "Dự báo bão suy yếu khi vào đất liền Thanh Hóa.")
    assert topic("Bão Maya đã vào đất liền Thanh Hóa", first).moves_on


def test_within_half_an_hour_outlets_tell_one_state_of_things() -> None:
    soon = timedelta(minutes=20)
    assert not topic("Bão Maya suy yếu", telling("Bão Maya vào Biển Đông"), later=soon).moves_on
