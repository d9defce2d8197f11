import re

from compare.report.canvas import new_figure
from compare.report.figures import svg
from compare.report.standing import standing


def drawn():
    figure = new_figure(4, 3)
    axes = figure.add_subplot()
    for name in ("one", "other"):
        figure.name(name, *axes.plot([0, 1, 2], [1, 2, 3], "o", label=name))
    figure.legend(loc="outside lower center", ncols=2)
    figure.tell(axes, 0, 1, 'the first, x < "1"', "one", ["a"])
    figure.tell(axes, 9, 9, "out of sight")
    figure.tell(axes, float("nan"), 1, "nowhere")
    return figure, svg(figure)


def test_names_are_the_drawing_s_own_and_all_are_found():
    _, file = drawn()
    page = str(standing(file, "f3-", "Words"))
    named = re.findall(r' id="([^"]+)"', page)
    assert named
    assert all(name.startswith("f3-") for name in named)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', page)) <= set(named)
    assert "http" not in page
    assert 'viewBox="0 0 288 216"' in page


def test_texts_of_the_file_stand_on_the_page():
    _, file = drawn()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", str(standing(file, "", "Words")))
    assert texts == re.findall(r"<text[^>]*>([^<]*)</text>", file.decode())
    assert {"one", "other"} <= set(texts)


def test_marks_stand_where_they_are_drawn():
    figure, file = drawn()
    spots, keys = figure.marked()
    page = str(standing(file, "", "Words", marks=(spots, keys), refer=lambda records: f' data-from="{records[0]}"'))
    assert [spot.words for spot in spots] == ['the first, x < "1"']
    ((x, y),) = re.findall(r'<circle class="spot" cx="(.+?)" cy="(.+?)" r="6" data-series="0" data-from="a">', page)
    first = re.search(r'<g data-series="0">.*?<use[^>]* x="([\d.]+)" y="([\d.]+)"', page)
    assert abs(float(x) - float(first[1])) < 0.2
    assert abs(float(y) - float(first[2])) < 0.2
    assert "<title>the first, x &lt; &#34;1&#34;</title>" in page


def test_entries_of_the_legend_cover_their_words():
    figure, file = drawn()
    _, keys = figure.marked()
    assert [(key.words, key.series) for key in keys] == [("one", 0), ("other", 1)]
    for key in keys:
        place = re.search(rf'x="([\d.]+)" y="([\d.]+)"[^>]*>{key.words}</text>', str(standing(file, "", "Words")))
        assert key.left * 288 < float(place[1]) < key.right * 288
        assert key.top * 216 < float(place[2]) < key.bottom * 216
