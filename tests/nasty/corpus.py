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
    "formats": "{0} {} {title!r:>99999999} %n %99999999d %(secret)s {{7*7}} <%= 7 %> #{7} %1",
    "codes for emoji": ":smiley: :fire_engine: :no_such_thing: [:bomb:]",
    "styles": "[bold red on $panel not italic]x[/bold red on $panel not italic] [@enter=app.quit]y[/]",
    "markdown": "**x** `y` [z](https://evil.example) ![i](file:///etc/passwd) <b>b</b> <!--",
    "a table": "| a | b | |---|---| ``` ~~~ ---",
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
    "a notification of iTerm2": "\x1b]9;PWNED\x07\x1b]9;4;1;50\x07",
    "a file of iTerm2": "\x1b]1337;File=name=UFdORUQ=;inline=1:UFdORUQ=\x07\x1b]1337;SetUserVar=x=UFdORUQ=\x07",
    "a picture of kitty": "\x1b_Ga=T,f=24,s=1,v=1;PWNED\x1b\\",
    "a notification of kitty": "\x1b]99;i=1:d=0;PWNED\x1b\\",
    "a picture in sixels": '\x1bPq"1;1;9;9#0;2;0;0;0#0~~@@vv@@~~@@~~$\x1b\\',
    "a program of tmux": "\x1bPtmux;\x1b\x1b]0;PWNED\x07\x1b\\\x1bk;PWNED\x1b\\",
    "an answerback and a query": "\x05\x1b[>q\x1b[?1$p\x1b]10;?\x07\x1b]4;1;?\x07\x1b[21t\x1b[0x",
    "keys of a program": "\x1bP0;1|17/526d202d7266\x1b\\\x1b[200~rm -rf\x1b[201~",
    "an address with a link in it": "https://w.example/\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x07",
    "an address that ends a link": "https://w.example/\x07\x1b]0;PWNED\x07",
    "modes and margins": "\x1b[?1000h\x1b[?2004h\x1b[3;9r\x1b[?7l\x1b[12h\x1b(0\x1b)0\x0e\x0f\x1b#8\x1b=\x1b[!p",
    "a sequence without an end": "\x1b]0;PWNED",
    "a string of C1 without an end": "\x9d0;PWNED",
    "C1 as two bytes of UTF-8": "\xc2\x9b31mPWNED\x84\x85\x88\x8d\x8e\x8f\x96\x97\x98\x9a\x9e\x9f",
    "null": "nu\x00ll\x00",
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
    "private": "\ue000\U000f0000\U0010fffd",
    "thousands of marks": "".join(f"{letter}{chr(0x300 + i % 112) * 3_000}" for i, letter in enumerate("DISK")),
    "marks and joiners": "Z" + ("\u0301" * 4 + "\u200d") * 500 + "algo",
    "vowels of Hangul": "\u1100" + "\u1161" * 800 + "\u11a8" * 800,
    "marks that take room": "\u0915" + "\u093f" * 600,
    "emoji joined without an end": "👩" + "\u200d👩" * 300,
    "skins, keys and flags": "👍🏿👍🏻 1\ufe0f\u20e3 #\ufe0f\u20e3 🇫🇷🇩🇪🇫 ❤\ufe0f❤\ufe0e ⚠\ufe0f",
    "variation selectors": "v\ufe0f\ufe0e\ufe00" * 40 + "\U000e0100\U000e01ef" * 300,
    "Hangul fillers": "\u115f\u1160\u3164\uffa0" * 9,
    "nothing but blanks": "\u00a0\u2003\u2800\u3000\u1680",
    "Mongolian": "mon\u180egol\u180b\u180c",
    "soft hyphens": "pay\u00ad\u034fpal\u2061\u2062\u2064",
    "both directions": "abc \u202eשלום\u202c \u2067def مرحبا\u2069 (ghi) \u200fא\u200e 123 \u061c-4",
    "a wide ligature": "\ufdfd\U0001242b" * 20,
    "tags of a flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "characters that are none": "\uffff\ufffe\U0001ffff\ufdd0\ufff9x\ufffa",
    "surrogates in the wrong order": "\ude00\ud83d and \ud83d",
    "look-alikes": "раypаl аdmіn ‚⁄∕⧸․ ⁎ ＜b＞",
}
"""What is drawn otherwise than it is counted."""

LONG = {
    "ten thousand": "x" * 10_000,
    "ten thousand wide": "界" * 10_000,
    "many lines": "line\n" * 2_000,
    "a hundred thousand": "x" * 100_000,
    "a hundred thousand words": "rm -rf / " * 11_000,
    "a hundred thousand escapes": "\x1b[31m" * 20_000,
    "a hundred thousand brackets": "[" * 100_000,
}

EVERYTHING = {**MARKUP, **SEQUENCES, **UNICODE, **LONG}

NAMES = {
    "blanks": "a label with blanks",
    "nothing": " ",
    "markup": "[@click=app.quit]label",
    "a sequence": "la\x1b]0;PWNED\x07bel",
    "the other way": "\u202elebal",
    "half of a pair": "\ud83dlabel",
    "overlong": "label_" * 2_000,
    "many lines": "label\nSEVERITY  P1",
    "marks": "l" + "\u0301" * 2_000,
    "a path": "../../etc/passwd",
    "PromQL": 'x"} or vector(1) #',
}
"""Names of labels as no vendor should allow them."""
