"""Pictures for the files of the story, drawn on the spot: nobody could take them for real ones."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIZE = _WIDTH, _HEIGHT = (1200, 800)
_GROUND = 600  # pixels from the top
_SKY, _WATER, _PAVING = "#cfe3ee", "#7fa6b8", "#b9b2a4"
_BRICK, _ROOF, _GLASS, _SHUTTER, _INK = "#a8573f", "#5d4a45", "#e9eef0", "#8b8f94", "#2b2b2b"
_CAPTION = "IMAGE FICTIVE"


def draw(scene):
    """A stream of a photo (JPEG), or for "plan" of a PDF of one page."""
    image = Image.new("RGB", _SIZE, _SKY)
    pencil = ImageDraw.Draw(image)
    _SCENES[scene](pencil)
    pencil.text((24, _HEIGHT - 56), _CAPTION, fill=_INK, font=ImageFont.load_default(32))
    content = BytesIO()
    image.save(content, "PDF" if scene == "plan" else "JPEG")
    content.seek(0)
    return content


def _hall(pencil):
    """A long hall under a saw-tooth roof, by the water."""
    pencil.rectangle((0, _GROUND, _WIDTH, _HEIGHT), _WATER)
    pencil.rectangle((100, 360, 1100, _GROUND), _BRICK)
    for left in range(100, 1100, 200):
        pencil.polygon([(left, 360), (left, 240), (left + 200, 360)], _ROOF)
        pencil.rectangle((left + 50, 420, left + 150, 540), _GLASS, _INK, 4)


def _shops(pencil):
    """Four shops behind their shutters, at the foot of a tower."""
    pencil.rectangle((0, _GROUND, _WIDTH, _HEIGHT), _PAVING)
    pencil.rectangle((320, 0, 880, 380), "#dcd6cb")
    for left in range(360, 860, 80):
        for top in range(30, 360, 80):
            pencil.rectangle((left, top, left + 40, top + 50), _GLASS, _INK, 2)
    pencil.rectangle((100, 380, 1100, _GROUND), _BRICK)
    for left in range(130, 1100, 245):
        pencil.rectangle((left, 430, left + 205, _GROUND), _SHUTTER, _INK, 4)
        for top in range(450, _GROUND, 20):
            pencil.line((left, top, left + 205, top), _INK)


def _street(pencil):
    """A row of houses."""
    pencil.rectangle((0, _GROUND, _WIDTH, _HEIGHT), _PAVING)
    for left in range(0, _WIDTH, 200):
        pencil.rectangle((left, 260, left + 196, _GROUND), _BRICK)
        pencil.polygon([(left, 260), (left + 98, 160), (left + 196, 260)], _ROOF)
        pencil.rectangle((left + 30, 320, left + 80, 390), _GLASS, _INK, 3)
        pencil.rectangle((left + 120, 470, left + 170, _GROUND), _ROOF)


def _plan(pencil):
    """The ground floor of a hall, cut in three."""
    pencil.rectangle((0, 0, *_SIZE), "white")
    pencil.rectangle((100, 120, 1100, 620), None, _INK, 8)
    for left in (430, 760):
        pencil.line((left, 120, left, 500), _INK, 6)
    pencil.line((100, 660, 1100, 660), _INK, 2)
    pencil.text((560, 672), "60 m", fill=_INK, font=ImageFont.load_default(28))


_SCENES = {"hall": _hall, "shops": _shops, "street": _street, "plan": _plan}
