from comptoir.web.screens.manager.charts import columns, lengths, trading_hours


def test_columns_share_one_scale_with_those_behind_them() -> None:
    first, second = columns(["12", "13"], [50, 0], [100, 200])
    assert (first.height, first.other_height) == (250, 500)
    assert (second.height, second.other_height) == (0, 1000)


def test_nothing_sold_divides_by_nothing() -> None:
    assert lengths([0, 0]) == [0, 0]
    assert columns([], []) == []


def test_a_loss_is_no_bar_to_the_left() -> None:
    assert lengths([-5, 10]) == [0, 1000]


def test_hours_go_from_opening_past_midnight() -> None:
    assert trading_hours({"23": 5, "01": 5}, {"19": 1}, 4) == [
        "19", "20", "21", "22", "23", "00", "01",
    ]  # fmt: skip
