"""Files as people send them, made on the spot."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
OFFICE_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
LEGACY_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
RED, BLUE = (200, 30, 30), (30, 30, 200)


def upload(content, name="photo.jpg"):
    """A stream with a name, as a form gives it."""
    stream = BytesIO(content)
    stream.name = name
    return stream


def halves(size=(80, 60), mode="RGB"):
    """Red on the left, blue on the right."""
    image = Image.new(mode, size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def written(image, format_="JPEG", **options):
    content = BytesIO()
    image.save(content, format_, **options)
    return content.getvalue()


def photo(format_="JPEG", size=(80, 60), **options):
    return written(halves(size), format_, **options)


def exif(*, orientation=1, position=None):
    """What a telephone writes: its name, how it was held, where (longitude, latitude in degrees,
    minutes and seconds, each with its side)."""
    data = Image.Exif()
    data[0x010F] = "Fabricant reconnaissable"
    data[0x0112] = orientation
    if position:
        longitude, east, latitude, north = position
        data[0x8825] = {1: north, 2: latitude, 3: east, 4: longitude}
    return data.tobytes()


def archive(parts):
    """A ZIP file of `parts`, {name: content}."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def office(suffix, more=None):
    """The least that makes an office file; `more` parts beside."""
    media_type = OFFICE_TYPES[suffix]
    if "opendocument" in media_type:
        return archive({"mimetype": media_type, "content.xml": "<x/>", **(more or {})})
    types = f'<Types><Override PartName="/main.xml" ContentType="{media_type}.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types, "main.xml": "<x/>", **(more or {})})


def on_disk(media):
    """Names of the files that are kept under `media`, as rows call them."""
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())
