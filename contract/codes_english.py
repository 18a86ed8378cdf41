# SPDX-License-Identifier: Apache-2.0
"""The national code lists' labels in English; names of ethnic groups as GB/T 3304 writes them in Latin letters."""

from __future__ import annotations

from collections.abc import Mapping

from contract.codes import ETHNIC

_NATIONS = (
    "Han|Mongol|Hui|Zang|Uygur|Miao|Yi|Zhuang|Buyei|Chosen|Man|Dong|Yao|Bai|Tujia|Hani|Kazak|Dai|Li|Lisu|"
    "Va|She|Gaoshan|Lahu|Sui|Dongxiang|Naxi|Jingpo|Kirgiz|Tu|Daur|Mulao|Qiang|Blang|Salar|Maonan|Gelao|Xibe|Achang|"
    "Pumi|Tajik|Nu|Uzbek|Russ|Ewenki|Deang|Bonan|Yugur|Gin|Tatar|Derung|Oroqen|Hezhen|Monba|Lhoba|Jino"
)
ENGLISH: Mapping[str, str] = {
    **dict(zip(list(ETHNIC.values())[:56], _NATIONS.split("|"), strict=True)),
    "其他": "Other",
    "外国血统中国籍人士": "Chinese citizen of foreign descent",
    "未知": "Unknown",
    "男": "Male",
    "女": "Female",
    "未说明": "Not stated",
    "未婚": "Single",
    "已婚": "Married",
    "丧偶": "Widowed",
    "离婚": "Divorced",
    "文盲或半文盲": "No schooling",
    "小学": "Primary school",
    "初中": "Junior high school",
    "高中": "Senior high school",
    "中专": "Vocational school",
    "大专": "College",
    "大学": "University",
    "研究生": "Postgraduate",
    "配偶": "Spouse",
    "儿子": "Son",
    "女儿": "Daughter",
    "孙辈": "Grandchild",
    "父母": "Parent",
    "祖父母": "Grandparent",
    "兄弟姐妹": "Brother or sister",
    "其他亲属": "Other relative",
    "非亲属": "Not related",
}
