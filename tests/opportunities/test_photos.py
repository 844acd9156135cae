import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageFile
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from opportunities import photos, uploads
from opportunities.uploads import MAX_BYTES, Refused
from tests.opportunities.files import (
    BLUE,
    LEGACY_OFFICE,
    PDF,
    PHOTO_FORMATS,
    RED,
    archive,
    exif,
    halves,
    office,
    photo,
    upload,
    written,
)

LILLE = ((3.0, 3.0, 36.0), "E", (50.0, 37.0, 48.0), "N")
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
MARKERS = (b"Fabricant", b"Exif", b"GPS", b"ICC_PROFILE", b"http://ns.adobe.com", b"secret")


def redrawn(content):
    return photos.redraw(upload(content))


def pixels_of(jpeg):
    return Image.open(BytesIO(jpeg)).convert("RGB")


def near(colour, expected, by=40):
    return all(abs(a - b) <= by for a, b in zip(colour, expected, strict=True))


def png_header(width, height):
    """A PNG that announces so many pixels and has none."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# What comes out


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
def test_every_format_becomes_a_progressive_jpeg(format_):
    drawn = redrawn(photo(format_))
    image = Image.open(BytesIO(drawn.image))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (80, 60))
    assert image.info["progressive"]
    assert (drawn.width, drawn.height) == (80, 60)
    assert near(image.getpixel((10, 30)), RED)
    assert near(image.getpixel((70, 30)), BLUE)


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
def test_nothing_that_the_camera_wrote_is_kept(format_):
    content = photo(format_, exif=exif(orientation=6, position=LILLE))
    assert photos.position_of(upload(content)) == (3.06, 50.63)
    drawn = redrawn(content)
    for jpeg in (drawn.image, drawn.thumbnail):
        assert [marker for marker in MARKERS if marker in jpeg] == []
        image = Image.open(BytesIO(jpeg))
        assert dict(image.getexif()) == {}
        assert image.info.keys() <= HARMLESS


def test_comments_and_notes_go_too():
    notes = PngInfo()
    notes.add_text("Author", "secret")
    for content in (photo(comment=b"secret"), photo("PNG", pnginfo=notes)):
        assert b"secret" in content
        assert b"secret" not in redrawn(content).image


# Where the red half, on the left of the sensor, belongs: the side and the size that one sees.
ORIENTATIONS = {
    1: ("left", (80, 60)),
    2: ("right", (80, 60)),
    3: ("right", (80, 60)),
    4: ("left", (80, 60)),
    5: ("top", (60, 80)),
    6: ("top", (60, 80)),
    7: ("bottom", (60, 80)),
    8: ("bottom", (60, 80)),
}


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photo_is_turned_as_the_camera_was_held(format_, orientation):
    side, size = ORIENTATIONS[orientation]
    image = pixels_of(redrawn(photo(format_, exif=exif(orientation=orientation))).image)
    width, height = size
    places = {
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
    }
    assert image.size == size
    assert next(name for name, place in places.items() if near(image.getpixel(place), RED)) == side
    opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[side]
    assert near(image.getpixel(places[opposite]), BLUE)


@pytest.mark.parametrize(
    ("size", "expected", "thumbnail"),
    [
        ((80, 60), (80, 60), (80, 60)),
        ((2048, 1000), (2048, 1000), (480, 234)),
        ((5000, 2500), (2048, 1024), (480, 240)),
        ((1500, 4096), (750, 2048), (176, 480)),
        ((9000, 1), (2048, 1), (480, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_sizes(format_, size, expected, thumbnail):
    drawn = redrawn(written(Image.new("RGB", size, RED), format_))
    assert (drawn.width, drawn.height) == expected
    assert pixels_of(drawn.image).size == expected
    assert pixels_of(drawn.thumbnail).size == thumbnail


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "HEIF"])
def test_transparency_is_white(format_):
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 20, 40))
    drawn = pixels_of(redrawn(written(image, format_)).image)
    assert near(drawn.getpixel((35, 20)), (255, 255, 255))
    assert near(drawn.getpixel((5, 20)), RED)


@pytest.mark.parametrize(
    ("mode", "format_", "grey"),
    [
        ("1", "PNG", 255),
        ("L", "PNG", 128),
        ("L", "JPEG", 128),
        ("LA", "PNG", 128),
        ("P", "PNG", 128),
        ("I;16", "PNG", 128),
        ("CMYK", "JPEG", 128),
        ("L", "WEBP", 128),
        ("L", "HEIF", 128),
    ],
)
def test_every_kind_of_pixels(mode, format_, grey):
    if mode == "I;16":
        image = Image.new(mode, (40, 40), 128 * 257)
    else:
        image = Image.new("L", (40, 40), 128).convert(mode)
        if mode == "1":
            image.paste(1, (0, 0, 40, 40))
    drawn = pixels_of(redrawn(written(image, format_)).image)
    assert near(drawn.getpixel((20, 20)), (grey,) * 3, by=12)


def test_a_transparent_colour_of_a_palette():
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, *RED])
    image.paste(0, (20, 0, 40, 40))
    drawn = pixels_of(redrawn(written(image, "PNG", transparency=0)).image)
    assert near(drawn.getpixel((30, 20)), (255, 255, 255))
    assert near(drawn.getpixel((5, 20)), RED)


def swapped_profile():
    """A colour profile that takes red for blue and blue for red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
def test_colours_are_brought_to_srgb(format_):
    drawn = redrawn(photo(format_, icc_profile=swapped_profile()))
    assert near(pixels_of(drawn.image).getpixel((10, 30)), BLUE)
    assert near(pixels_of(drawn.image).getpixel((70, 30)), RED)


def test_a_bad_colour_profile_is_passed_over():
    drawn = redrawn(photo("PNG", icc_profile=b"no profile at all"))
    assert near(pixels_of(drawn.image).getpixel((10, 30)), RED)


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_of_an_animation_the_first_image(format_):
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE)]
    content = written(frames[0], format_, save_all=True, append_images=frames[1:], duration=100)
    assert near(pixels_of(redrawn(content).image).getpixel((20, 20)), RED)


def test_of_several_heic_images_the_main_one():
    content = written(
        halves(), "HEIF", save_all=True, append_images=[Image.new("RGB", (40, 40), BLUE)]
    )
    assert redrawn(content).width == 80


@pytest.mark.parametrize(
    "tail",
    [
        b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40,  # the film of a motion photo
        photo(),  # the second image of a portrait
        b"SEFH" + bytes(100),
        bytes(4096),
    ],
)
def test_what_telephones_add_after_a_photo_goes(tail):
    drawn = redrawn(photo() + tail)
    assert (drawn.width, drawn.height) == (80, 60)
    assert b"ftypmp42" not in drawn.image


def test_the_name_says_nothing():
    assert photos.redraw(upload(photo(), name="page.html")).width == 80


def test_the_upload_is_ready_to_be_read_again():
    stream = upload(photo())
    stream.seek(12)
    photos.redraw(stream)
    assert stream.read() == photo()


# What is refused


def refusal(content):
    with pytest.raises(Refused) as caught:
        redrawn(content)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    return type(caught.value)


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
@pytest.mark.parametrize("kept", [0.1, 0.3, 0.5, 0.75, 0.95, -1, -2, -5, -12])
def test_truncated(format_, kept, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what WeasyPrint asks
    image = Image.effect_noise((300, 200), 60).convert("RGB")
    content = written(image, format_)
    end = kept if kept < 0 else int(len(content) * kept)
    assert refusal(content[:end]) is photos.Damaged


def test_empty():
    assert refusal(b"") is uploads.Empty


def test_too_heavy():
    content = photo()
    assert redrawn(content + bytes(MAX_BYTES - len(content))).width == 80
    assert refusal(content + bytes(MAX_BYTES - len(content) + 1)) is uploads.TooHeavy


@pytest.mark.parametrize("size", [(10_000, 7_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    assert refusal(png_header(*size)) is photos.TooManyPixels


def test_a_webp_of_too_many_pixels():
    content = written(Image.new("L", (6000, 5000)), "WEBP")
    assert len(content) < 200_000
    assert refusal(content) is photos.TooManyPixels


def test_what_would_keep_a_decoder_busy_for_an_hour():
    jpeg = photo(size=(400, 400), progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    scan = jpeg[last:-2]
    assert redrawn(jpeg[:-2] + scan * 50 + jpeg[-2:]).width == 400
    png = photo("PNG")
    pieces = {
        "scans": jpeg[:-2] + scan * 200 + jpeg[-2:],
        "segments": jpeg[:2] + b"\xff\xe5\x00\x02" * 200_000 + jpeg[2:],
        "filling": jpeg[:2] + b"\xff" * 200_000 + jpeg[2:],
        "chunks": png[:33] + b"\0\0\0\0tEXt\x81\x87\xb0\xc9" * 200_000 + png[33:],
    }
    for what, content in pieces.items():
        assert (what, refusal(content)) == (what, photos.Damaged)


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
@pytest.mark.parametrize(
    "other",
    [
        archive({"virus.exe": b"MZ"}),
        office(".docx"),
        PDF,
        b"<html><script>alert(1)</script></html>",
        b"<!DOCTYPE HTML>\n<p>",
        b"<?php system($_GET[0]);",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00" + bytes(60) + b"!This program cannot be run in DOS mode.\r\r\n$",
        b"\x7fELF\x02\x01\x01\x00" + bytes(200),
        b"Rar!\x1a\x07\x01\x00",
        b"7z\xbc\xaf'\x1c\x00\x04",
    ],
)
def test_a_photo_that_is_something_else_too(format_, other):
    assert refusal(photo(format_) + other) is uploads.SeveralThings


def test_a_page_hidden_in_a_comment():
    assert refusal(photo(comment=b"<script>alert(1)</script>")) is uploads.SeveralThings


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- un dessin -->\n<SVG></SVG>",
        "<?xml version='1.0'?><svg></svg>".encode("utf-16"),
    ],
)
def test_a_drawing(content):
    assert refusal(content) is photos.Drawing


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        office(".docx"),
        LEGACY_OFFICE,
        written(halves(), "GIF"),
        written(halves(), "BMP"),
        written(halves(), "TIFF"),
        written(halves(), "ICO"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\x00\x00\x00\x18ftypmp42",
        b"MZ\x90\x00",
        b"du texte",
        b"\x00",
    ],
)
def test_what_is_no_photo(content):
    assert refusal(content) is photos.NotAPhoto


def test_random_bytes_are_refused_and_nothing_worse():
    chance = random.Random(20261122)
    heads = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBPVP8 ", b""]
    heads += [b"\x00\x00\x00\x18ftyp" + brand for brand in (b"heic", b"mif1", b"msf1")]
    for number in range(300):
        content = heads[number % len(heads)] + chance.randbytes(chance.randrange(1, 3000))
        with pytest.raises(Refused):
            redrawn(content)
        assert photos.position_of(upload(content)) is None


@pytest.mark.parametrize("format_", PHOTO_FORMATS)
def test_a_photo_with_damaged_bytes_is_drawn_or_refused(format_):
    chance = random.Random(20261122)
    content = photo(format_, exif=exif(orientation=6, position=LILLE))
    for _ in range(80):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            drawn = redrawn(bytes(damaged))
        except Refused:
            continue
        assert b"Exif" not in drawn.image
        photos.position_of(upload(bytes(damaged)))


# Where it was taken


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (LILLE, (3.06, 50.63)),
        (((61.0, 31.0, 12.0), "W", (16.0, 14.0, 24.0), "N"), (-61.52, 16.24)),  # Guadeloupe
        (((55.0, 27.0, 0.0), "E", (20.0, 52.0, 48.0), "S"), (55.45, -20.88)),  # La Réunion
        (((0.0, 0.0, 0.0), "E", (0.0, 0.0, 0.0), "N"), None),
        (((200.0, 0.0, 0.0), "E", (50.0, 0.0, 0.0), "N"), None),
        (((3.0, 0.0, 0.0), "E", (91.0, 0.0, 0.0), "N"), None),
        (None, None),
    ],
)
def test_position(position, expected):
    assert photos.position_of(upload(photo(exif=exif(position=position)))) == expected


@pytest.mark.parametrize(
    "content", [b"", b"du texte", PDF, photo()[:40], png_header(20_000, 20_000)]
)
def test_no_position_where_there_is_no_photo(content):
    assert photos.position_of(upload(content)) is None


def test_a_position_that_is_no_number():
    data = Image.Exif()
    data[0x8825] = {1: "N", 2: (50.0, IFDRational(1, 0), 0.0), 3: "E", 4: (3.0, 0.0, 0.0)}
    assert photos.position_of(upload(photo(exif=data.tobytes()))) is None
