"""Text that means harm, or that merely breaks screens: each is put wherever a screen shows what somebody else wrote."""

MARKUP = {
    "brackets": "disk [/dev/sda1] full",
    "pager's own example": "[#1234] The server is on fire.",
    "a button": "[@click=app.quit]x[/]",
    "another button": "[@click=\"app.command('alert.acknowledge')\"]restart service[/]",
    "a closing tag": "[/",
    "a bare closing tag": "[/]",
    "an unclosed tag": "[bold red",
    "a variable": "[$error]red[/$error]",
    "an escaped bracket": "\\[bold]x\\[/]",
    "a key error": "KeyError: ['x'] [/api/v1] pod[0]=[a='b",
    "a link": "[link='https://evil.example']x[/link]",
    "a template": "$title ${title} {title} %s %(title)s",
}
"""What a markup parser takes for its own. It reaches the widgets as it is: nothing cleans it away."""

SEQUENCES = {
    "the window's title": "\x1b]0;PWNED\x07",
    "the window's title, ended by ST": "\x1b]2;PWNED\x1b\\",
    "a hyperlink": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "the clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "a notification": "\x1b]777;notify;PWNED;PWNED\x07",
    "a colour": "\x1b[31;5mPWNED\x1b[0m",
    "a clear screen": "\x1b[2J\x1b[H\x1b[3J",
    "the other screen": "\x1b[?1049l",
    "a device report": "\x1b[6n\x1b[c",
    "a device control string": "\x1bP$qm\x1b\\",
    "a reset": "\x1bc",
    "C1 in one byte": "\x9b31mPWNED\x9b0m\x9d0;PWNED\x9c\x90PWNED\x9c",
    "backspaces and a carriage return": "good\b\b\b\bevil\rgone",
    "a bell and a null": "\x07\x00\x7f",
    "line and page ends": "one\ntwo\x0bthree\x0cfour\x85five\u2028six\u2029seven",
    "a tab": "one\ttwo",
}
"""Bytes that a terminal obeys."""

UNICODE = {
    "bidi overrides": "\u202egnp.exe\u202c \u2067hidden\u2069 \u200f\u200e\u061c",
    "zero width": "pay\u200bpal\u200c\u200d\u2060\ufeff",
    "500 marks on one letter": "Z" + "\u0301" * 500 + "algo",
    "an emoji of many": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇫🇷",
    "right to left": "שלום עולם مرحبا بالعالم",
    "wide": "データベース接続エラー" * 3,
    "half of a pair": "broken \ud83d pair \udc00",
    "tags": "flag\U000e0067\U000e007f",
    "private": "\ue000\U000f0000",
}
"""What is drawn otherwise than it is counted."""

LONG = {"ten thousand": "x" * 10_000, "ten thousand wide": "界" * 10_000, "many lines": "line\n" * 2_000}

EVERYTHING = {**MARKUP, **SEQUENCES, **UNICODE, **LONG}
