"""Values that want to be more than values: at least two hundred, for every parameter of every kind of step.

``EFFECT`` is the name of the file that they try to make: whoever uses the list runs where such a file would be seen,
and asserts that it never appears. A value is refused, or arrives verbatim.
"""

EFFECT = "oncall_effect"
"""The file that appears when a value became code."""

SHELL = [
    f"$(touch {EFFECT})", f"`touch {EFFECT}`", f"; touch {EFFECT}", f"& touch {EFFECT}", f"&& touch {EFFECT}",
    f"|| touch {EFFECT}", f"| touch {EFFECT}", f"\ntouch {EFFECT}\n", f"\r\ntouch {EFFECT}\r\n",
    f"x; touch {EFFECT} #", f"'; touch {EFFECT}; '", f'"; touch {EFFECT}; "', f"'$(touch {EFFECT})'",
    f'"$(touch {EFFECT})"', f"\\$(touch {EFFECT})", f"\\`touch {EFFECT}\\`", f"${{x:-$(touch {EFFECT})}}",
    f"${{IFS}}touch{EFFECT}", f"$((a[$(touch {EFFECT})]))", f"a[$(touch {EFFECT})]", f"a[$(touch {EFFECT})]=1",
    f"x=$(touch {EFFECT})", f"> {EFFECT}", f">> {EFFECT}", f">|{EFFECT}", f"&>{EFFECT}", f"2>{EFFECT}", f"<>{EFFECT}",
    f"<(touch {EFFECT})", f">(touch {EFFECT})", f"{{touch,{EFFECT}}}", f"() {{ :; }}; touch {EFFECT}",
    f"$'\\x24(touch {EFFECT})'", f"!touch {EFFECT}", f"eval touch {EFFECT}", f"{EFFECT}) touch {EFFECT};;",
    f"done; touch {EFFECT}", f"fi; touch {EFFECT}", f"}}; touch {EFFECT}; {{", f"EOF\ntouch {EFFECT}\n",
    f"<<X\n$(touch {EFFECT})\nX", f"sh -c 'touch {EFFECT}'", f"bash -c touch\\ {EFFECT}", f"\\\ntouch {EFFECT}",
    f"~/../{EFFECT}", f"*; touch {EFFECT}", f"x\x00; touch {EFFECT}", f"${{x@P}}$(touch {EFFECT})",
    f"\\u0024(touch {EFFECT})", f"coproc touch {EFFECT}", f"[[ -v a[$(touch {EFFECT})] ]]", f"%s$(touch {EFFECT})",
]  # fmt: skip
BLANKS = [
    "", " ", "  ", "\t", "\n", "\r", "\r\n", " a", "a ", "a b", "a  b", "a\tb", "a\nb", "a\rb", "a\x0bb", "a\x0cb",
    "a\u00a0b", "a\u2028b", "a\u2003b", "\ufeffa", "a\u200bb", "\n\n\n", "a\n", "\na",
]  # fmt: skip
OPTIONS = [
    "-", "--", "-x", "-rf", "-n", "-e", "-o", f"-o{EFFECT}", f"--output={EFFECT}", "--force", "--help", "--version",
    "-delete", f"-fprint {EFFECT}", "--kubeconfig=/tmp/x", "--all", "-A", "-c", "--command=x", "-f/etc/passwd",
    "--endpoint-url=http://evil", "-oProxyCommand=touch x", "--to-command=sh", "--checkpoint-action=exec=sh",
    "-K/etc/passwd", "@/etc/passwd", "=x", "+x",
]  # fmt: skip
PATHS = [
    "/", "//", ".", "..", "../..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "/dev/tcp/evil/80",
    "a/b", "a/../b", "./a", "~", "~root", "file:///etc/passwd", "fileb:///etc/passwd", "http://evil.example/",
    "https://evil.example/", "gopher://redis:6379/_FLUSHALL", "dict://redis:6379/info", "//evil.example/x",
    "\\\\evil\\share", "C:\\x", "s3://bucket/key", "data:text/plain,x", "ldap://evil/", "x.evil.example",
    "evil.example:80", "@evil.example", "u:p@evil.example",
]  # fmt: skip
SQL = [
    "'", "''", '"', '""', "' OR '1'='1", "'; DROP TABLE canary; --", '"; DROP TABLE canary; --',
    "1); DROP TABLE canary; SELECT (2", "x'/**/OR/**/1=1--", "\\'; DROP TABLE canary; --", "\\", "\\\\", "\\'",
    f"\n\\! touch {EFFECT}\n", f"\\! touch {EFFECT}", f"';\n\\! touch {EFFECT}\n--", "$$; DROP TABLE canary; $$",
    "$x$", ":'x'", ":x", ':"x"', ":{?x}", "x\\gexec", "\\copy canary to x", f"`touch {EFFECT}`", "E'\\''",
    "U&'\\0027'", "1 UNION SELECT 1", "/*", "*/", "--", "#", ";", "0x27", "\u02bc; DROP TABLE canary; --", "%", "_",
    "%%", "NULL", "null", "true", "' || pg_sleep(9) || '", "\uff07; DROP TABLE canary",
]  # fmt: skip
PROMQL = [
    '"} or up{x="', '"}) or vector(1) #', 'x", job=~".*', "x\\", "\\\\", '\\"', '"', "`", "'", "}", "{", "} or {",
    ".*", ".+", "a|b", "(", ")", "[", "]", "(?i)x", "^x$", "x{1,1000}", "(a+)+$", "\\d", "\\x22", "\\u0022", "$1",
    "${1}", "[5m]", "offset 1d", "#", "{{x}}", "{{", "}}", "@ 0", "x\n}", "\\n",
]  # fmt: skip
HTTP = [
    "a&b=c", "a?b", "a#b", "a;b", "a%00b", "%", "%2", "%2e%2e", "%2f", "%0d%0aX-Evil: 1", "a\r\nX-Evil: 1",
    "a\nX-Evil: 1", "a\r\n\r\nGET /", "a b", "a+b", "a=b", '","admin":true,"x":"', '"}', '\\"}', '\\u0022', "null",
    "[]", "{}", '{"a":1}', "é", "日本", "\U0001f4a5", "a%20b", " HTTP/1.1", "\x7f", "a\tb",
]  # fmt: skip
SCREEN = [
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]52;c;eA==\x07", "\x1b[2J", "\x9b31m", "\x07", "\x08\x08\x08",
    "[@click=app.quit]x[/]", "[red]x[/red]", "[/]", "\u202egnp.exe", "\u2066x\u2069", "a\u0301" * 20, "\U000e0041",
    "\x00", "\x01", "\x7f", "\u0085",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "00", "1e9", "1e999", "nan", "inf", "-inf", "0x10", "1_000", "１２", "٣", "1.", ".5", "1,5", "9" * 40,
    "1;2", "1 2",
]  # fmt: skip
TEMPLATES = [
    "{{x}}", "{{.x}}", "{x}", "${x}", "$x", "%x%", "{{constructor}}", "{%x%}", "<x>", "#{x}", "{{ 7*7 }}", "%(x)s",
    "%s%s%n", "{0}",
]  # fmt: skip
LONG = [
    "a" * 200, "a" * 10_000, "-" * 300, "$(" * 200, "'" * 301, "\\" * 301, "é" * 500,
]  # fmt: skip

HOSTILE: tuple[str, ...] = tuple(
    dict.fromkeys(
        [*SHELL, *BLANKS, *OPTIONS, *PATHS, *SQL, *PROMQL, *HTTP, *SCREEN, *NUMBERS, *TEMPLATES, *LONG]
    )
)  # fmt: skip
"""All of them, each once."""
