# SPDX-License-Identifier: Apache-2.0
"""The screens of a visit under way, with a fictional person's answers: for the gallery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from contract.application import MaterialAnswer, Value
from contract.checking import Problem
from contract.event_body import CorrectionAsk, EventBody
from contract.events import Event
from contract.prefill import prefill
from contract.sample.people import example_values
from kiosk.visit.screen import Screen
from kiosk.visit.view import CaseView, DeviceTest, Message, PrintState, Said, StaffMember, Submitted, VisitView

if TYPE_CHECKING:
    from contract.items import ServiceItem
    from kiosk.demo.gallery.samples import GalleryState
    from kiosk.frame.page import PageContext
    from kiosk.window.shell import Shell

TODAY = date(2026, 11, 23)
SUBMITTED = Submitted("019a0000-0000-7000-8000-000000000000", "004210001375", "2026-11-23T09:41:00+08:00")
PRINTOUTS = ("strip", "receipt", "form", "checklist")
SIGNATURE = {
    "width": 984,
    "height": 900,
    "strokes": [
        [[180, 330, 0, 0.4], [300, 322, 90, 0.6], [380, 318, 160, 0.4]],
        [[190, 450, 300, 0.4], [290, 446, 380, 0.6], [370, 440, 460, 0.4]],
        [[150, 590, 600, 0.4], [300, 580, 700, 0.6], [410, 572, 800, 0.4]],
        [[280, 330, 950, 0.4], [284, 450, 1050, 0.6], [280, 585, 1150, 0.4]],
        [[560, 340, 1400, 0.4], [740, 320, 1600, 0.5], [640, 420, 1700, 0.5], [550, 480, 1800, 0.3]],
        [[650, 400, 2000, 0.4], [664, 520, 2100, 0.6], [640, 640, 2200, 0.4]],
        [[690, 500, 2400, 0.4], [760, 580, 2500, 0.6], [840, 640, 2600, 0.3]],
    ],
}


def filled_view(context: PageContext, item: ServiceItem, seed: int = 7) -> VisitView:
    """A person who has answered everything."""
    from kiosk.demo.people import GRANDMOTHER

    _, values = example_values(item, Random(seed), TODAY)
    values |= {f.id: known for f in item.fields if (known := prefill(f, GRANDMOTHER, "990123101201"))}
    prefilled = {f.id for f in item.fields if f.prefill and f.prefill.startswith("card.")}
    answers = {m.id: MaterialAnswer(m.id, "shown" if m.id == "idcard" else "later") for m in item.materials}
    return VisitView(
        "g",
        Screen.FORM,
        item=item,
        identity=GRANDMOTHER,
        holder=GRANDMOTHER,
        values={k: Value(v, "card" if k in prefilled else "resident", k in prefilled) for k, v in values.items()},
        materials=answers,
        step=3,
        step_count=6,
        elder=context.tokens.elder,
        language=context.language,
        due="2026-12-21",
    )


def visit_states(context: PageContext) -> list[GalleryState]:
    """Form pages of three items, materials, check, review, sign, submitting, done, rating."""
    from kiosk.demo.gallery.samples import GalleryState

    item = context.catalogue.items["old80"]
    view = filled_view(context, item)
    empty = {k: v for k, v in view.values.items() if v.source == "card"}
    done = replace(view, screen=Screen.DONE, submitted=SUBMITTED, step=0, step_count=0)
    claim = filled_view(context, context.catalogue.items["med-claim"])
    missing = (
        Problem("mobile", "required", "", {}),
        Problem("bank_no", "too-short", "", {"least": "12", "given": "8"}),
        Problem("contact.name", "required", "", {}),
    )
    staff = StaffMember("s1", "李明")
    check = replace(view, screen=Screen.CHECK, step=5)
    settled = replace(check, staff=staff, message=Message("card-accepted", {"name": staff.name}, "done"))
    papers = {kind: PrintState("done") for kind in PRINTOUTS}
    failed = {**papers, "receipt": PrintState("failed", "out-of-paper"), "form": PrintState("failed", "out-of-paper")}
    signed = replace(view, screen=Screen.SIGN, step=6, signature=SIGNATURE)
    return [
        *(_form(view, item, n, empty) for n in range(len(item.pages))),
        GalleryState("10-form-error", _bad_phone(view, item)),
        *(_form(claim, claim.item, n, claim.values, "med") for n in range(len(claim.item.pages) if claim.item else 0)),
        *_of_item(context, "dibao"),
        GalleryState("12-materials", replace(claim, screen=Screen.MATERIALS, step=4, materials={})),
        GalleryState("12-materials-ways", replace(claim, screen=Screen.MATERIALS, step=4), open_material("invoice")),
        GalleryState("13-check-missing", replace(check, checks=missing)),
        GalleryState("13-check", check),
        GalleryState("13-check-card", replace(check, checks=(Problem("card", "card-expired", ""),))),
        GalleryState("13-check-card-accepted", settled),
        GalleryState("14-review", replace(view, screen=Screen.REVIEW, step=5)),
        GalleryState("15-sign-empty", replace(signed, signature=None)),
        GalleryState("15-sign", signed),
        GalleryState("15-sign-paper", replace(signed, signature=None, staff=staff, signed_on_paper=True)),
        GalleryState("15-sign-disk-full", replace(signed, message=Message("submit-disk-full", kind="fault"))),
        GalleryState("16-submitting", replace(signed, screen=Screen.SUBMITTING)),
        GalleryState(
            "17-done-offline",
            replace(done, online=False, prints={**papers, "form": PrintState("printing")}),
            link="down",
        ),
        GalleryState("17-done-sent", replace(done, sent=True, prints=papers)),
        GalleryState("17-done-no-paper", replace(done, online=False, prints=failed), link="down"),
        GalleryState("18-rating", replace(done, screen=Screen.RATING)),
    ]


def _form(
    view: VisitView, item: ServiceItem | None, number: int, values: Mapping[str, Value], mark: str = ""
) -> GalleryState:
    from kiosk.demo.gallery.samples import GalleryState

    assert item is not None
    shown = replace(view, page=item.pages[number], page_index=number, page_count=len(item.pages), values=values)
    name = f"1{1 if mark else 0}-form-{mark + '-' if mark else ''}{number + 1}-{item.pages[number].id}"
    return GalleryState(name, shown)


def _of_item(context: PageContext, item_id: str) -> list[GalleryState]:
    item = context.catalogue.items[item_id]
    view = filled_view(context, item)
    return [_form(view, item, n, view.values, item_id) for n in range(len(item.pages))]


def _bad_phone(view: VisitView, item: ServiceItem) -> VisitView:
    page = next(p for p in item.pages if "mobile" in p.fields)
    problem = Problem("mobile", "phone-invalid", "", {})
    values = {**view.values, "mobile": Value({"number": "1380000"}, "resident")}
    return replace(
        view,
        page=page,
        page_count=len(item.pages),
        values=values,
        problems={"mobile": problem},
        message=Message("page-incomplete"),
    )


def open_material(material: str) -> Callable[[Shell], None]:
    """The ways to give it."""

    def touch(shell: Shell) -> None:
        from kiosk.pages.materials import MaterialsPage

        assert isinstance(shell.page, MaterialsPage)
        shell.page.open_material(material)

    return touch


def people_states(context: PageContext) -> list[GalleryState]:
    """For whom, the second person, no card, tracking and cases."""
    from kiosk.demo.gallery.samples import GalleryState
    from kiosk.demo.people import CHILD, GRANDMOTHER, NEIGHBOUR

    item = context.catalogue.items["med-claim"]
    view = replace(filled_view(context, item), step=2)
    staff = StaffMember("s1", "李明")
    plain = VisitView("g", Screen.TRACK, elder=context.tokens.elder, language=context.language)
    case = sample_case("old80", "高龄津贴申领", "004210001375", ("received", "accepted"))
    correction = sample_case("med-claim", item.name, "004210001383", ("received", "accepted", "correction"))
    waiting = sample_case("old-card", "老年人优待证办理", "004210001391", (), outbox="waiting")
    agent = replace(view, screen=Screen.AGENT, applying_for="other", holder=NEIGHBOUR, identity=None)
    return [
        GalleryState("07-applyfor", replace(view, screen=Screen.APPLYFOR)),
        GalleryState("08-agent-card", agent),
        GalleryState("08-agent-relation", replace(agent, identity=GRANDMOTHER)),
        GalleryState("08-agent-guardian", replace(agent, applying_for="child", identity=CHILD)),
        GalleryState("09-nocard", replace(view, screen=Screen.NOCARD, identity=None, holder=None)),
        GalleryState("09-nocard-staff", replace(view, screen=Screen.NOCARD, identity=None, holder=None, staff=staff)),
        GalleryState("20-track", plain, _type_code),
        GalleryState("20-track-wrong", replace(plain, message=Message("tracking-check")), _type_code),
        GalleryState("20-track-list", replace(plain, cases=(case, correction, waiting))),
        GalleryState("21-case-waiting", replace(plain, screen=Screen.CASE, case=waiting), link="down"),
        GalleryState("21-case-accepted", replace(plain, screen=Screen.CASE, case=case)),
        GalleryState("21-case-correction", replace(plain, screen=Screen.CASE, case=correction, said=SAID_OF_MEDICAL)),
        *_corrections(context, plain),
        GalleryState(
            "21-case-reprint",
            replace(
                plain, screen=Screen.CASE, case=case, prints={"case-receipt": PrintState("failed", "out-of-paper")}
            ),
        ),
        GalleryState("22-devices", replace(plain, screen=Screen.DEVICES, staff=staff, tests=_TESTS), _devices),
    ]


SAID_OF_MEDICAL = {3: Said(EventBody("", (CorrectionAsk("medical", "诊断证明第二页看不清，请重新扫描"),)))}
REASON = (
    "我今年七十一岁，老伴前年去世，儿子在外地打工时摔伤了腰，到现在干不了活，孙女还在上小学。家里只有三亩地，去年遭了旱，收成不好。"
    "每个月要吃药，药费两百多块，新农合报了一部分，剩下的自己出。儿媳妇一个人在县里餐馆洗碗，工钱有时候还拖着不给。"
    "村里帮过我们两回，还是接不上。想请政府帮一帮，等儿子身体好了，能干活了，我们就不要了。"
)
ASKED_OF_DIBAO = {
    "bank_no": "开户行说没有这个账号，请对着存折再核一遍，一位一位地核",
    "reason": "请写清楚是从什么时候开始没有收入的，家里还有谁能干活",
    "members": "少了一位：户口本上还有您的孙女",
    "hukou": "户口本缺家庭成员那几页，请都拍上",
}


def _corrections(context: PageContext, plain: VisitView) -> list[GalleryState]:
    """Several things asked for, with what they say now; by code only; one that does not open."""
    from kiosk.demo.gallery.samples import GalleryState

    item = context.catalogue.items["dibao"]
    case = sample_case("dibao", item.name, "004210001409", ("received", "correction"))
    _, examples = example_values(item, Random(7), TODAY)
    values = {name: value for name, value in examples.items() if name in ASKED_OF_DIBAO} | {"reason": REASON}
    asks = tuple(CorrectionAsk(subject, text) for subject, text in ASKED_OF_DIBAO.items())
    body = EventBody("材料看过了，还差下面几样，补齐就受理。", asks, values)
    asked = replace(plain, screen=Screen.CASE, case=case, said={2: Said(body)}, values_shown=True)
    lost = EventBody("", asks[:1])
    return [
        GalleryState("21-case-asked-1", asked),
        GalleryState("21-case-asked-2", asked, _turn(1)),
        GalleryState("21-case-asked-3", asked, _turn(2)),
        GalleryState("21-case-asked-by-code", replace(asked, values_shown=False)),
        GalleryState("21-case-asked-lost", replace(asked, said={2: Said(lost, lost=True)})),
        GalleryState("21-case-asked-all-lost", replace(asked, said={2: Said(EventBody(), lost=True)})),
    ]


def _turn(index: int) -> Callable[[Shell], None]:
    def touch(shell: Shell) -> None:
        from kiosk.pages.case import CasePage

        assert isinstance(shell.page, CasePage)
        shell.page.list.turn(index)

    return touch


_TESTS = {
    "printer": DeviceTest("printer", "running"),
    "id-card": DeviceTest("id-card", "done", "王*英"),
    "scanner": DeviceTest("scanner", "failed", "no-pages"),
}


def _devices(shell: Shell) -> None:
    from devices.base import State, status

    states = {
        "id-card": State.READY,
        "smart-card": State.READY,
        "printer": State.BUSY,
        "receipt-printer": State.OUT_OF_PAPER,
        "scanner": State.READY,
        "document-camera": State.ABSENT,
        "code-scanner": State.READY,
        "speech": State.READY,
    }
    shell.set_devices([status(name, state) for name, state in states.items()])


def sample_case(
    item_id: str, item_name: str, code: str, events: tuple[str, ...], *, outbox: str = "delivered"
) -> CaseView:
    """A fictional case with these events, an hour apart."""
    record_id = "019a0000-0000-7000-8000-000000000001"
    told = tuple(
        Event(n, record_id, code, kind, f"2026-11-24T{8 + n:02d}:12:00+08:00", sealed=b"sealed")
        for n, kind in enumerate(events, start=1)
    )
    delivered = outbox == "delivered"
    return CaseView(
        code,
        item_id,
        item_name,
        "王*英",
        "2026-11-23T09:52:00+08:00",
        events[-1] if events else "waiting",
        record_id,
        "1199012399900011XX4990500010000202611240007" if delivered else None,
        "2026-11-24T09:12:00+08:00" if delivered else None,
        told,
        outbox,
        "",
    )


def _type_code(shell: Shell) -> None:
    from kiosk.pages.track import TrackPage

    assert isinstance(shell.page, TrackPage)
    for digit in "0042100013":
        shell.page.keypad.button(digit).click()
