# SPDX-License-Identifier: Apache-2.0
"""What can be the matter with a scan or a photograph, in plain words, and a way on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def sentence(code: str) -> str:
    """The sentence for `code`, "" where it is none of these."""
    match code:
        case "scan-empty" | "scan-no-pages" | "scan-no-paper" | "scan-scanner-empty":
            return tr("Messages", "扫描仪里没有纸。请放好再扫，或者选“以后补交”。")
        case "scan-scanner-absent" | "scan-no-scanner" | "scan-absent":
            return tr("Messages", "扫描仪没接上。可以选“以后补交”，不耽误申请。")
        case "scan-attachment-too-large" | "scan-picture-too-large":
            return tr("Messages", "这一页太大了。请一页一页地扫。")
        case "scan-jam":
            return tr("Messages", "扫描仪卡纸了。请叫工作人员取出来再扫，或者选“以后补交”。")
        case "scan-cover-open":
            return tr("Messages", "扫描仪的盖子没盖好。请盖上再扫一次。")
        case "scan-scanner-busy":
            return tr("Messages", "扫描仪正在用。请等一下再扫，或者选“以后补交”。")
        case "scan-corners-wrong":
            return tr("Messages", "四个角对不上。请把圆点拖到纸的四个角上。")
        case "camera-scanner-absent":
            return tr("CameraWords", "摄像头没接上。请叫工作人员，或者选“以后补交”，不耽误申请。")
        case "scan-attachment-not-image" | "scan-attachment-truncated" | "scan-not-an-image":
            return tr("Messages", "这一页没扫完整。请放平再扫一次。")
        case _:
            return ""
