"""Long names are cut into lines, and nothing of them is lost."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.charts.wrapped import width_of, wrapped


@given(st.text("示范县清河镇abc, 。（）0123456789 ", max_size=62), st.integers(40, 400))
def test_a_name_is_wrapped_without_losing_a_sign_or_its_room(
    name: str, room: int
) -> None:
    lines = wrapped(name, room, 13)

    assert "".join("".join(lines).split()) == "".join(name.split())
    # What closes may hang over by a sign or two; nothing else does.
    assert all(width_of(line.rstrip("，。）, "), 13) <= room for line in lines)
