# SPDX-License-Identifier: Apache-2.0
"""National code lists: code -> Chinese."""

from __future__ import annotations

from collections.abc import Mapping

SEX = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}  # GB/T 2261.1
_NATIONS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 "
    "佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 "
    "塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNIC = {f"{n:02d}": name + "族" for n, name in enumerate(_NATIONS.split(), 1)}  # GB/T 3304
ETHNIC |= {"97": "其他", "98": "外国血统中国籍人士"}
MARITAL = {"10": "未婚", "20": "已婚", "30": "丧偶", "40": "离婚", "90": "未说明"}  # GB/T 2261.2
EDUCATION = {  # GB/T 4658
    "90": "文盲或半文盲",
    "80": "小学",
    "70": "初中",
    "60": "高中",
    "40": "中专",
    "30": "大专",
    "20": "大学",
    "10": "研究生",
}
RELATION = {  # GB/T 4761, the groups
    "10": "配偶",
    "20": "儿子",
    "30": "女儿",
    "40": "孙辈",
    "50": "父母",
    "60": "祖父母",
    "70": "兄弟姐妹",
    "80": "其他亲属",
    "90": "非亲属",
}
CODE_LISTS: Mapping[str, Mapping[str, str]] = {
    "sex": SEX,
    "ethnic": ETHNIC,
    "marital": MARITAL,
    "education": EDUCATION,
    "relation": RELATION,
}
