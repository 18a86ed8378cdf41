# SPDX-License-Identifier: Apache-2.0
"""Pages of paper that never were, drawn with what is on them: for the demo, the tests and the measurements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from devices.errors import DeviceError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from devices.page.picture import Picture

DPI = 300
PAPER, INK, RED = (250, 249, 246), (28, 28, 32), (205, 38, 44)
_FONT = "wqy-zenhei.ttc"
_ROWS = (
    ("申请人姓名", "王秀英"),
    ("公民身份号码", "990123194203050024"),
    ("家庭住址", "示例县示例镇示例村3组12号"),
    ("联系电话", "13900000000"),
    ("申请事项", "高龄老人津贴"),
    ("开户银行", "示例农村商业银行"),
)
_LINES = (
    "根据《示例县高龄津贴发放办法》的规定，年满八十周岁",
    "的本县户籍老人可以申请高龄津贴，按月发放到本人账户。",
    "申请人应当如实填写本表，并提交身份证和户口簿复印件。",
    "村民委员会在三个工作日内核实情况，报镇人民政府审核。",
    "经审核符合条件的，自申请之日的下一个月起发放津贴。",
    "申请人死亡或者户籍迁出本县的，应当在三十日内报告。",
    "本人承诺以上填写的内容真实、完整，愿意承担法律责任。",
)
_RECEIPT = ("示例镇卫生院门诊收费票据", "姓名 王秀英", "挂号费 5.00", "西药费 36.80", "检查费 120.00", "合计 161.80")


@dataclass(frozen=True, slots=True)
class SamplePage:
    """`picture` at DPI; `lines` is the text on it from the top down; `size` its millimetres, width and height."""

    picture: Picture
    lines: tuple[str, ...]
    size: tuple[float, float]


def text_form(small: bool = False) -> SamplePage:
    """A printed form: title, table, paragraphs. `small` prints it in 9 point instead of 12."""
    return _finished(*_form(9 if small else 12))


def stamped_form() -> SamplePage:
    """The same with a red round stamp over text, as every office's paper has."""
    sheet, lines = _form(12)
    _stamp(sheet, (1750, 2350), 236)
    return _finished(sheet, lines)


def photo_page() -> SamplePage:
    """A page with a large colour picture and a line below it."""
    from PIL import Image, ImageFilter

    sheet, draw = _sheet(210, 297)
    draw.text((240, 200), "房屋现状照片", INK, _font(24))
    noise = Image.effect_noise((24, 18), 110).resize((2000, 1500), Image.Resampling.BICUBIC)
    sky = Image.linear_gradient("L").resize((2000, 1500))
    photo = Image.merge("RGB", (noise, sky, noise.transpose(Image.Transpose.ROTATE_180)))
    photo = photo.filter(ImageFilter.GaussianBlur(30))
    photo = Image.blend(photo, Image.effect_noise((2000, 1500), 60).convert("RGB"), 0.08)
    sheet.paste(photo.filter(ImageFilter.GaussianBlur(1.5)), (240, 420))
    caption = "二〇二六年三月摄于示例村三组"
    draw.text((240, 2040), caption, INK, _font(14))
    return _finished(sheet, ["房屋现状照片", caption])


def receipt() -> SamplePage:
    """A till slip of 80 by 160 mm, in faint thermal print."""
    sheet, draw = _sheet(80, 160)
    font = _font(12)
    for place, line in enumerate(_RECEIPT):
        draw.text((60, 90 + place * 190), line, (84, 82, 88), font)
    return _finished(sheet, list(_RECEIPT))


def blank_page() -> SamplePage:
    """White A4 with nothing on it."""
    return _finished(_sheet(210, 297)[0], [])


def _form(points: int) -> tuple[Image, list[str]]:
    sheet, draw = _sheet(210, 297)
    font, title = _font(points), "高龄津贴申请表"
    draw.text((900, 220), title, INK, _font(20))
    top, row = 420, points * 12
    for place, (label, value) in enumerate(_ROWS):
        y = top + place * row
        for x0, x1, words in ((240, 860, label), (860, 2240, value)):
            draw.rectangle((x0, y, x1, y + row), outline=INK, width=4)
            draw.text((x0 + 30, y + row // 2), words, INK, font, anchor="lm")
    y = top + len(_ROWS) * row + 120
    for place, line in enumerate(_LINES):
        draw.text((240, y + place * points * 9), line, INK, font)
    signed = "申请人签名：            年   月   日"
    draw.text((240, y + 7 * points * 9 + 260), signed, INK, font)
    return sheet, [title, *(label + value for label, value in _ROWS), *_LINES, signed.replace(" ", "")]


def _stamp(sheet: Image, centre: tuple[int, int], radius: int) -> None:
    """A 40 mm stamp: ring, star, the office around the ring; ink that lets the print below show through."""
    import math

    from PIL import Image, ImageChops, ImageDraw

    ink = Image.new("RGB", sheet.size, "white")
    draw = ImageDraw.Draw(ink)
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=15)
    rays = [(80 if n % 2 == 0 else 32, math.pi * n / 5) for n in range(10)]
    star = [(x + ray * math.sin(turn), y - ray * math.cos(turn)) for ray, turn in rays]
    draw.polygon(star, fill=RED)
    office, font = "示例县示例镇人民政府", _font(13)
    for place, letter in enumerate(office):
        turn = math.radians(-120 + 240 * place / (len(office) - 1))
        at = (x + (radius - 60) * math.sin(turn), y - (radius - 60) * math.cos(turn))
        draw.text(at, letter, RED, font, anchor="mm")
    sheet.paste(ImageChops.multiply(sheet, ink))


def _sheet(width: float, height: float) -> tuple[Image, ImageDraw]:
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (round(width / 25.4 * DPI), round(height / 25.4 * DPI)), PAPER)
    return sheet, ImageDraw.Draw(sheet)


def _finished(sheet: Image, lines: list[str]) -> SamplePage:
    import numpy as np

    picture = np.ascontiguousarray(np.asarray(sheet, dtype=np.uint8)[:, :, ::-1])
    return SamplePage(picture, tuple(lines), (sheet.width / DPI * 25.4, sheet.height / DPI * 25.4))


def _font(points: float) -> FreeTypeFont:
    from PIL import ImageFont

    for root in ("/usr/share/fonts", "/usr/local/share/fonts"):
        for path in Path(root).rglob(_FONT):
            return ImageFont.truetype(path, round(points * DPI / 72))
    raise DeviceError("font-missing", f"the font {_FONT} is not installed; install the package fonts-wqy-zenhei")
