# SPDX-License-Identifier: Apache-2.0
"""What is the matter with a page under the camera, in plain words, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from devices.base import CameraView

tr = QCoreApplication.translate


def camera_words(view: CameraView, *, taken: bool = False) -> str:
    """One sentence; the worst thing first."""
    for code in ("no-page", "dark", "blurred", "glare", "low-resolution", "cut-off"):
        if code in view.reasons:
            return _taken(code) if taken else _watching(code)
    if not view.sure:
        if taken:
            return tr("CameraWords", "机器拿不准纸的边。请把四个圆点拖到纸的四个角上。")
        return tr("CameraWords", "纸边看不太清，换个深色的垫子更好。也可以拍，拍完自己点四个角。")
    return tr("CameraWords", "拍清楚了。") if taken else tr("CameraWords", "看清了，可以拍。")


def _watching(code: str) -> str:
    match code:
        case "dark":
            return tr("CameraWords", "太暗了，请开灯，身子别挡着光。")
        case "blurred":
            return tr("CameraWords", "还看不清。手拿开，等它变清楚。")
        case "glare":
            return tr("CameraWords", "纸上反光。把纸转一转，或者挪开灯。")
        case "low-resolution":
            return tr("CameraWords", "纸离得太远，字太小。请靠近摄像头。")
        case "cut-off":
            return tr("CameraWords", "纸没有照全。请往中间挪一挪。")
        case _:
            return tr("CameraWords", "还没看见纸。请放到摄像头正下方。")


def _taken(code: str) -> str:
    match code:
        case "dark":
            return tr("CameraWords", "这张太暗，最好开灯重拍。")
        case "blurred":
            return tr("CameraWords", "这张有点模糊，最好重拍。")
        case "glare":
            return tr("CameraWords", "这张有反光，有的字看不见，最好重拍。")
        case "low-resolution":
            return tr("CameraWords", "这张字太小，最好靠近一点重拍。")
        case "cut-off":
            return tr("CameraWords", "纸没有照全，最好重拍。")
        case _:
            return tr("CameraWords", "没找到纸的边。请把四个圆点拖到纸的四个角上。")


def camera_fault(code: str) -> str:
    """Why there is no picture."""
    if code == "scanner-absent":
        return tr("CameraWords", "摄像头没接上。请叫工作人员，或者选“以后补交”，不耽误申请。")
    return tr("CameraWords", "摄像头没有画面。请叫工作人员，或者选“以后补交”，不耽误申请。")
