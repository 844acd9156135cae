"""Photos: decoded, turned the right way up, shrunk and drawn again, so that nothing of the file
that came is kept: neither where it was taken, nor by which telephone, nor what hid in it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from opportunities.uploads import Refused, check_one_nature, content_of

# By Pillow's name of the format. The largest sensors of telephones have 64 million; what decodes
# WebP takes three times the memory, and no camera writes it.
MAX_PIXELS = {"JPEG": 66_000_000, "PNG": 66_000_000, "HEIF": 66_000_000, "WEBP": 24_000_000}
LONG_SIDE = 2048  # pixels
THUMBNAIL_SIDE = 480
MEDIA_TYPE = "image/jpeg"
SUFFIX = ".jpg"

_QUALITY = 82
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# Far more than any photo has. Each costs a decoder some time, however little it says: a file of
# 15 MB made of nothing else would keep it busy for an hour.
_MAX_SEGMENTS, _MAX_SCANS, _MAX_CHUNKS = 1_000, 100, 5_000
_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
_GPS = 0x8825
# A decoded photo takes up to some 600 MB, hence one at a time in each process.
_decoding = Lock()

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


class NotAPhoto(Refused):
    def __init__(self):
        super().__init__(
            "Ce fichier n’est pas une photo : les formats acceptés sont JPEG, PNG, WebP et HEIC."
        )


class Drawing(Refused):
    """SVG, which may hold scripts."""

    def __init__(self):
        super().__init__(
            "Un dessin SVG n’est pas accepté : enregistrez-le au format PNG, puis envoyez-le."
        )


class TooManyPixels(Refused):
    def __init__(self, limit):
        super().__init__(
            f"Cette image a trop de pixels ({limit // 1_000_000} millions au plus) : "
            "réduisez-la, puis envoyez-la."
        )


class Damaged(Refused):
    def __init__(self):
        super().__init__(
            "Cette image est incomplète ou abîmée : reprenez-la sur l’appareil, puis renvoyez-la."
        )


@dataclass(frozen=True)
class Photo:
    """A photo drawn again: two progressive JPEG in sRGB, without metadata. `width` and `height`, in
    pixels, are those of `image`."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int


def format_of(content: bytes) -> str | None:
    """Pillow's name of the photo format that `content` begins as, or None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "HEIF"
    return None


def is_drawing(content: bytes) -> bool:
    """Whether `content` looks like SVG."""
    head = content[:4096].lower()
    return b"<svg" in head or "<svg".encode("utf-16-le") in head


def redraw(upload: IO[bytes]) -> Photo:
    """The photo that `upload` holds (JPEG, PNG, WebP, HEIC), turned as its camera was held, its
    longest side at most LONG_SIDE, on white where it was transparent.

    Of an animation, its first image. Raises Refused: Empty, TooHeavy, NotAPhoto, Drawing,
    SeveralThings, TooManyPixels or Damaged.
    """
    content = content_of(upload)
    if format_of(content) is None:
        raise Drawing if is_drawing(content) else NotAPhoto
    check_one_nature(content)
    with _decoding:
        # WeasyPrint, once imported, makes Pillow fill what is missing of an image with grey.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            drawn = _drawn_again(content)
            thumbnail = drawn.copy()
            thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=3)
            return Photo(_as_jpeg(drawn), _as_jpeg(thumbnail), *drawn.size)
        except Refused:
            raise
        except Exception as error:
            # Decoders raise whatever they stumble on: OSError, SyntaxError, struct.error…
            raise Damaged from error


def position_of(upload: IO[bytes]) -> tuple[float, float] | None:
    """(longitude, latitude) in degrees (WGS 84) where the camera wrote it, else None: to propose as
    the place of an opportunity. `upload` may be anything."""
    try:
        content = content_of(upload)
        with _open(content) as image:
            gps = image.getexif().get_ifd(_GPS)
        longitude, latitude = _degrees(gps[4], gps[3], "W"), _degrees(gps[2], gps[1], "S")
    except Exception:  # as above; and most photos have no position
        return None
    if (longitude, latitude) == (0, 0) or not (abs(longitude) <= 180 and abs(latitude) <= 90):
        return None  # what cameras write when they don't know
    return longitude, latitude


def _open(content):
    """The image, of which nothing is decoded yet. Raises TooManyPixels."""
    format_ = format_of(content) or ""
    if format_ == "JPEG" and not _is_sane_jpeg(content):
        raise Damaged
    if format_ == "PNG" and not _is_sane_png(content):
        raise Damaged
    limit = MAX_PIXELS[format_]
    try:
        image = Image.open(BytesIO(content), formats=[format_])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(limit) from None
    if image.width * image.height > limit:
        raise TooManyPixels(limit)
    return image


def _is_sane_jpeg(content):
    """Whether its pixels begin after a head of not too many segments, in not too many scans."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        marker = content[at : at + 2]
        if marker == b"\xff\xda":
            return len(_SCAN.findall(content)) <= _MAX_SCANS
        is_segment = marker[:1] == b"\xff" and marker[1:] not in (b"\x00", b"\xff")
        at += 2 + int.from_bytes(content[at + 2 : at + 4]) if is_segment else 1
    return False


def _is_sane_png(content):
    """Whether it is whole, and in not too many pieces; Pillow doesn't miss the last of them."""
    at = 8
    for _ in range(_MAX_CHUNKS):
        kind, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if kind == b"IEND":
            return end <= len(content)
        at = end
    return False


def _drawn_again(content):
    image = _open(content)
    profile = image.info.get("icc_profile")
    if image.mode in ("1", "P", "PA"):  # which can't be shrunk smoothly
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):  # grey in 16 bits, which Pillow would clip
        image = image.point(lambda level: level / 256).convert("L")
    # A JPEG is decoded at a fraction of its size right away.
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=3)
    with suppress(Exception):  # a camera's notes that can't be read don't make a bad photo
        ImageOps.exif_transpose(image, in_place=True)
    return _on_white(_in_srgb(image, profile))


def _in_srgb(image, profile):
    """RGB, or RGBA where something is transparent."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # a bad profile: the colours as they are
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            colours = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB")
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _on_white(image):
    """A new image, which has nothing but the pixels of `image`."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _as_jpeg(image):
    written = BytesIO()
    image.save(written, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return written.getvalue()


def _degrees(parts, side, negative):
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if str(side).upper().startswith(negative) else value
