"""Every view of the places is drawn from one table."""

from monitor.text.gazetteer import HOME_WORDS, ONE_PLACE, PLACES_ABROAD, PLACES_AT_HOME, SEATS, states


def test_a_province_tells_home_news_and_is_a_place() -> None:
    assert {"Quảng Trị", "TP HCM", "Huế"} <= PLACES_AT_HOME & set(HOME_WORDS)


def test_some_spellings_only_tell_home_news_and_some_are_only_places() -> None:
    assert {"TP. HCM", "Trường Sa", "người dân"} <= set(HOME_WORDS) - PLACES_AT_HOME
    assert {"Hòa Bình", "Sài Gòn", "Đà Lạt"} <= PLACES_AT_HOME - set(HOME_WORDS)


def test_no_mark_of_the_tables_is_left_in_a_name_and_none_is_written_twice() -> None:
    abroad = [name for inner, outer in states().values() for name in (*inner, *outer)]
    for names in (HOME_WORDS, PLACES_ABROAD, abroad):
        assert len(names) == len(set(names))
    assert not [name for name in (*HOME_WORDS, *PLACES_AT_HOME, *PLACES_ABROAD, *abroad) if name[0] in "+-| "]


def test_every_spelling_of_a_place_leads_to_one_that_is_no_spelling_of_another() -> None:
    assert ONE_PLACE["tphcm"] == ONE_PLACE["sài gòn"] == "hồ chí minh"
    assert not ONE_PLACE.keys() & set(ONE_PLACE.values())
    assert all(name == name.lower() for table in (ONE_PLACE, SEATS) for pair in table.items() for name in pair)
