# SPDX-License-Identifier: Apache-2.0
"""The fictional people of the demo: area 990123 does not exist. What they fill in, and the papers they bring."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date

from contract.identity import Identity, check_id_number, make_id_number

STATION = "示例村便民服务点"
STAFF_NAME = "张代办"
STAFF_PIN = "246810"
ADDRESS = "示例省示例市示例县示例镇示例村{group}组{house}号"


def _person(name: str, born: date, sequence: int, *, group: int, house: int, until: str | None = None) -> Identity:
    number = make_id_number("990123", born, sequence)
    return Identity(
        name=name,
        id_number=number,
        sex=check_id_number(number).sex,
        ethnic="01",
        birth=born.isoformat(),
        address=ADDRESS.format(group=group, house=house),
        issuer="示例县公安局",
        valid_from="2016-05-01" if until != "2024-01-08" else "2004-01-08",
        valid_to=until,
    )


GRANDMOTHER = _person("王秀英", date(1942, 3, 5), 2, group=3, house=12)
NEIGHBOUR = _person("李建国", date(1968, 9, 17), 31, group=5, house=8, until="2036-05-01")
RARE_NAME = _person("\U00020bb7·文斌", date(1985, 6, 1), 17, group=1, house=3, until="2036-05-01")
EXPIRED = _person("赵长顺", date(1979, 11, 2), 45, group=2, house=20, until="2024-01-08")
CHILD = _person("李小红", date(2019, 4, 9), 62, group=5, house=8, until="2027-05-01")
PEOPLE = (GRANDMOTHER, NEIGHBOUR, RARE_NAME, EXPIRED, CHILD)


@dataclass(frozen=True, slots=True)
class Telephone:
    """Numbers that the demo types, to be searched for on the disk afterwards."""

    own: str = "13800001942"
    contact: str = "13900005566"
    neighbour: str = "13700008811"


PHONES = Telephone()
ACCOUNTS = ("6217000012345678", "6228480098765432")
CONTACT_NAME = "王小明"


def all_secrets() -> tuple[str, ...]:
    """Everything about people that must be readable in no file of the terminal."""
    named = [value for p in (GRANDMOTHER, NEIGHBOUR) for value in (p.name, p.id_number, p.address)]
    return (*named, PHONES.own, PHONES.contact, PHONES.neighbour, *ACCOUNTS, CONTACT_NAME)


def scanned_page(title: str, lines: int, seed: int) -> bytes:
    """A page as a flat scanner sees it: paper grain, a heading, printed lines, a stamp. JPEG, A4 at 150 dpi."""
    from PIL import Image, ImageDraw, ImageFont

    from printing.fonts import SCREEN, path_of

    rng = random.Random(seed)
    width, height = 1240, 1754
    paper = Image.effect_noise((width, height), 14).convert("L").point(lambda v: min(255, 226 + v // 6))
    page = Image.merge("RGB", (paper, paper, paper.point(lambda v: max(0, v - 6))))
    draw = ImageDraw.Draw(page)
    large = ImageFont.truetype(str(path_of(SCREEN)), 54, index=SCREEN.face)
    small = ImageFont.truetype(str(path_of(SCREEN)), 30, index=SCREEN.face)
    draw.text((width / 2, 140), title, fill="#303030", font=large, anchor="mm")
    draw.text((width / 2, 205), "（示例，非真实票据）", fill="#606060", font=small, anchor="mm")
    words = ["检查费", "床位费", "药品费", "治疗费", "护理费", "材料费", "化验费", "手术费", "其他"]
    for line in range(lines):
        y = 300 + line * 56
        draw.line((120, y + 40, width - 120, y + 40), fill="#c4c4c4")
        draw.text((140, y), rng.choice(words), fill="#383838", font=small)
        amount = f"{rng.uniform(20, 900):.2f}"
        draw.text((width - 150, y), amount, fill="#383838", font=small, anchor="ra")
    draw.ellipse((width - 430, height - 430, width - 190, height - 190), outline="#c05048", width=7)
    draw.text((width - 310, height - 310), "示例医院", fill="#c05048", font=small, anchor="mm")
    turned = page.rotate(rng.uniform(-0.6, 0.6), fillcolor="#f0efe8")
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=88)
    return out.getvalue()
