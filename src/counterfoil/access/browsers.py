"""Which browser it is: a window inside an app, an old one, or neither (reference §2.4).

Inside an app we cannot promise anything: the app may read what is typed, and forgets the cookie
when its window closes. So such windows hand over to the real browser.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from ua_parser import parse_user_agent

System = Literal["android", "ios", "other"]

# What apps add to the user agent of their windows. The first that fits gives the name.
_APPS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("Messenger", r"FB_IAB/(?:MESSENGER|Orca)|FBAN/Messenger|MessengerForiOS|Orca-Android"),
        ("Instagram", r"\bInstagram \d"),
        ("Threads", r"\bBarcelona \d"),
        ("Facebook", r"\bFBA[NV]/|\bFB_IAB/"),
        ("TikTok", r"\bmusical_ly|\btrill_\d|BytedanceWebview/|\bTikTok[ /]\d"),
        ("LinkedIn", r"\bLinkedInApp\b"),
        ("WeChat", r"\bMicroMessenger/"),
        ("Snapchat", r"\bSnapchat/"),
        ("Pinterest", r"\[Pinterest/(?:iOS|Android)\]"),
        ("X", r"\bTwitter for i|\bTwitterAndroid\b"),
        ("LINE", r"\bLine/\d"),
        ("KakaoTalk", r"\bKAKAOTALK\b"),
        ("NAVER", r"\bNAVER\(inapp"),
        ("WhatsApp", r"\bWhatsApp/\d"),
        ("Telegram", r"\bTelegram-Android/|\bTelegram/\d"),
        ("Discord", r"\bDiscord/\d"),
        ("Slack", r"\bSlack(?:_SSB)?/\d"),
        ("Teams", r"\bTeams(?:Mobile-[A-Za-z]+)?/\d"),
        ("Weibo", r"\bWeibo \(|__weibo__"),
        ("QQ", r"\bQQ/\d"),
        ("Zalo", r"\bZalo(?:Theme)?[/ ]"),
        ("VK", r"\bVKAndroidApp/|\bvkclient\b|\bVK/\d"),
        ("Viber", r"\bViber/\d"),
    )
)
# Windows of apps without a name: Android marks them; Apple's lack the word that Safari adds; the
# frameworks of desktop programs name themselves.
_UNNAMED: Final = re.compile(
    r"; wv\)|\bElectron/|\bQtWebEngine/|\bWebView/\d"
    r"|\((?:iPhone|iPad|iPod|Macintosh)\b(?=.*AppleWebKit/)(?!.*(?:Safari|Chrome|Firefox)/)"
)
_LONGEST: Final = 600

# Supported are the last twenty versions of these and the last four of Safari. What is newest
# follows from the day: a version every four weeks since this one. Where they come faster, fewer
# people are warned, never too many.
_CHROME: Final = (142, date(2025, 10, 28))
_FIREFOX: Final = (144, date(2025, 10, 14))
_SUPPORTED: Final = 20
_SAFARIS: Final = 4


def app_of(user_agent: str) -> str | None:
    """The app whose window this is; the empty text when it has no name; None for a browser."""
    return _app_of(user_agent[:_LONGEST])


@lru_cache(maxsize=2048)
def _app_of(user_agent: str) -> str | None:
    for name, pattern in _APPS:
        if pattern.search(user_agent):
            return name
    return "" if _UNNAMED.search(user_agent) else None


def system_of(user_agent: str) -> System:
    """How a window hands over to the browser depends on it."""
    if "Android" in user_agent:
        return "android"
    return "ios" if re.search(r"iPhone|iPad|iPod", user_agent) else "other"


def is_old(user_agent: str, *, today: date) -> bool:
    """Whether it is a known browser that is no longer supported; unknown ones are not judged."""
    family, major = _family(user_agent[:_LONGEST])
    if family == "IE":
        return True
    if major is None:
        return False
    if family == "Safari":
        newest = today.year if (today.month, today.day) >= (9, 15) else today.year - 1
        return _safari_year(major) <= newest - _SAFARIS
    if family in ("Chrome", "Edge"):
        return major <= _newest(_CHROME, today) - _SUPPORTED
    if family == "Firefox":
        return major <= _newest(_FIREFOX, today) - _SUPPORTED
    return False


def _newest(known: tuple[int, date], today: date) -> int:
    version, released = known
    return version + (today - released).days // 28


def _safari_year(major: int) -> int:
    """When it came out, in autumn: 18 in 2024, and 26 in 2025 after that."""
    return major + 1999 if major >= 26 else major + 2006


@lru_cache(maxsize=2048)
def _family(user_agent: str) -> tuple[str, int | None]:
    found = parse_user_agent(user_agent)
    if found is None:
        return "", None
    words = found.family.replace("Mobile ", "").replace(" Mobile", "").replace(" iOS", "")
    major = found.major
    return words, int(major) if major and major.isdigit() else None
