# SPDX-License-Identifier: Apache-2.0
"""What is wrong with one value, said at its field: what to do, in plain words, with the field in view."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from contract.checking import Problem
from contract.fields import Field
from kiosk.i18n import messages

tr = QCoreApplication.translate


def problem_text(problem: Problem, field: Field | None = None) -> str:
    """The sentence for a problem at `field`. For a code without words of its own, the general sentence."""
    params = dict(problem.params)
    if problem.code == "required":
        return _missing(field)
    sentence = _sentence(problem.code, field.type if field is not None else "")
    if not sentence:
        return messages.problem_text(problem)
    unit = field.unit if field is not None else ""
    for name, value in {"unit": unit, **params}.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def _missing(field: Field | None) -> str:
    match field.type if field is not None else "":
        case "code" | "area":
            return tr("Problems", "还没有选，点一个就行。")
        case "codes":
            return tr("Problems", "还没有选，可以选好几个。")
        case "date":
            return tr("Problems", "还没有选日子，先点年，再点月和日。")
        case "date_range":
            return tr("Problems", "从哪天到哪天，都要选。")
        case "table":
            return tr("Problems", "还一行都没有，点“加一行”。")
        case "image":
            return tr("Problems", "还没有照片，放好了点“扫一张”。")
        case "phone":
            return tr("Problems", "请填手机号。没有手机，点“我没有手机”。")
        case "id_number" | "digits" | "money" | "integer" | "decimal":
            return tr("Problems", "还没有填，请用数字键输入。")
        case _:
            return tr("Problems", "还没有填，请用键盘写。")


def _sentence(code: str, kind: str) -> str:
    match code:
        case "phone-invalid":
            return tr("Problems", "手机号是 11 位、1 开头的数字，请对一对。没有手机，点“我没有手机”。")
        case "id-length":
            return tr("Problems", "身份证号码是 18 位，请对着证件再数一数。")
        case "id-check-digit":
            return tr("Problems", "号码里有一位不对，请对着证件从头看一遍。")
        case "id-birth-date":
            return tr("Problems", "号码里的出生日期不对，请看第 7 到第 14 位。")
        case "id-characters":
            return tr("Problems", "前 17 位只能是数字，最后一位可以是 X。")
        case "name-invalid":
            return tr("Problems", "姓名请写汉字。少数民族姓名中间用“·”。")
        case "pattern":
            return tr("Problems", "号码和证件上的样子不一样，请对着证件再看一遍。")
        case "too-short" if kind == "digits":
            return tr("Problems", "少了几位：至少 {least} 位，现在 {given} 位。")
        case "too-short":
            return tr("Problems", "再多写几句：至少 {least} 个字，现在 {given} 个字。")
        case "too-long" if kind == "digits":
            return tr("Problems", "多了几位：最多 {most} 位，现在 {given} 位。")
        case "too-long":
            return tr("Problems", "写得太多了：最多 {most} 个字，现在 {given} 个字。")
        case "date-invalid" | "malformed" if kind in ("date", "date_range"):
            return tr("Problems", "日子没有选全，请把年、月、日都点上。")
        case "date-future":
            return tr("Problems", "这一天还没有到，请选今天或以前的日子。")
        case "date-past":
            return tr("Problems", "这一天已经过了，请选今天或以后的日子。")
        case "range-order":
            return tr("Problems", "开始的日子在结束的后面了，请换过来。")
        case "number-invalid":
            return tr("Problems", "数字没有写完整，请再看一下。")
        case "below-minimum":
            return tr("Problems", "太小了，至少要 {least}{unit}。")
        case "above-maximum":
            return tr("Problems", "太大了，最多只能 {most}{unit}。")
        case "duplicate-id":
            return tr("Problems", "这个身份证号码前面有一行已经写了。")
        case "rows-mismatch":
            return tr(
                "Problems", "前面说家里有 {stated} 口人，这里是 {listed} 行。少了就加，多了就删，或者返回改人数。"
            )
        case "not-a-choice" if kind == "area":
            return tr("Problems", "请一直选到村。")
        case _:
            return ""
