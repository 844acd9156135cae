import pytest

from tests.harness.pages import of_markup


@pytest.mark.parametrize(
    ("markup", "findings"),
    [
        ('<script src="/static/app.js"></script>', []),
        ('<script type="application/json">{}</script>', []),
        ('<img src="data:image/png;base64,AA==" alt="">', []),
        ('<link rel="stylesheet" href="http://testserver/static/a.css">', []),
        ('<a href="https://example.org/">ailleurs</a>', []),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", []),
        ("<script>alert(1)</script>", ["an inline <script>"]),
        ('<script type="module">alert(1)</script>', ["an inline <script>"]),
        ("<style>p {}</style>", ["an inline <style>"]),
        ('<p style="color: red">', ["a style attribute on <p>"]),
        ('<p onclick="alert(1)">', ["the inline handler onclick on <p>"]),
        ('<p hx-on:click="alert(1)">', ["the inline handler hx-on:click on <p>"]),
        ('<p hx-vals="js:{a: 1}">', ["script in the attribute hx-vals of <p>"]),
        ('<a href=" JavaScript:alert(1)">', ["script in the attribute href of <a>"]),
        ('<a href="&#106;avascript:alert(1)">', ["script in the attribute href of <a>"]),
        ('<p class="a"onclick="alert(1)">', ["the inline handler onclick on <p>"]),
        ('<script src="//cdn.example/a.js"></script>', ["<script> loads //cdn.example/a.js"]),
        ('<img src="https://example.org/a.png">', ["<img> loads https://example.org/a.png"]),
        ('<link href="https://example.org/a.css">', ["<link> loads https://example.org/a.css"]),
    ],
)
def test_findings_of_markup(markup, findings):
    assert of_markup(markup, host="testserver") == findings
